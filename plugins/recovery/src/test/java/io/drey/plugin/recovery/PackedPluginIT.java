package io.drey.plugin.recovery;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of(
                "FactSource JobExceptionsSource",
                "FactSource JobMetricsSource",
                "Gate RejectedRevisionGate",
                "Gate RestartBackOff",
                "Proposer EndedJobManager",
                "Proposer ExceptionEvents",
                "Proposer FailedJob",
                "Proposer LostJobManager",
                "Proposer Rollback",
                "Proposer UnhealthyJob",
                "StatusPart ExceptionsPart",
                "StatusPart HealthPart",
                "StatusPart RejectedRevisionsPart",
                "StatusPart RestartsPart");
    }
}
