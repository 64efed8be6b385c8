package io.drey.plugin.recovery;

import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkJobState;
import java.util.List;

/** A job that has failed for good is started again from its newest state, if the user asks for that. */
final class FailedJob extends Remedy {
    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.RESTART_FAILED;

    FailedJob() {
        super(Cause.RESTART_FAILED);
    }

    @Override
    public Proposal propose(Situation situation) {
        return Run.of(situation)
                .filter(run -> !run.session()
                        && run.is(FlinkJobState.FAILED)
                        && situation.config().orFallback(ENABLED))
                .map(FailedJob::restart)
                .orElse(Proposal.Idle.NOW);
    }

    private static Proposal restart(Run run) {
        var strategy = run.stateless() ? "stateless" : "last-state";
        return chosen(
                run.situation(),
                strategy,
                Target.DEPLOYED,
                go -> run.again(Cause.RESTART_FAILED, go.stop(), go.restore())
                        .telling(List.of(Event.normal("Job", "RestartFailedJob", "Restarting failed job"))));
    }
}
