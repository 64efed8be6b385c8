package io.drey.plugin.recovery;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkJobState;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A job that has failed for good is started again from its newest state, if the user asks for that. */
final class FailedJob implements Proposer {
    private static final ConfigKey<Boolean> ENABLED = ConfigKey.bool("kubernetes.operator.job.restart.failed", false);
    private static final Duration POLL = Duration.ofSeconds(10);

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.REMEDY;
    }

    @Override
    public Cause cause() {
        return Cause.RESTART_FAILED;
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
        return switch (run.situation().choose(strategy, Target.DEPLOYED)) {
            case Choice.Go go ->
                run.again(Cause.RESTART_FAILED, go.stop(), go.restore())
                        .telling(List.of(Event.normal("Job", "RestartFailedJob", "Restarting failed job")));
            case Choice.Wait wait -> new Proposal.Wait(wait.reason(), wait.blocking(), POLL);
            case Choice.Refuse refuse -> new Proposal.Refuse(refuse.failure());
            case Choice.Hand hand -> throw new IllegalStateException("the engine follows hands: " + hand);
        };
    }
}
