package io.drey.plugin.upgrades;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of(
                "Proposer BrokenPromise",
                "StatusPart DowntimePart",
                "StatusPart FailedStopPart",
                "StatusPart LaunchedJobPart",
                "StatusPart PromisePart",
                "StatusPart RestoredPart",
                "UpgradeStrategy LastStateUpgrade",
                "UpgradeStrategy SavepointUpgrade",
                "UpgradeStrategy StatelessUpgrade");
    }
}
