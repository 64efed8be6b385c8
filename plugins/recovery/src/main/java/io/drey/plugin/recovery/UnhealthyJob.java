package io.drey.plugin.recovery;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A job that restarts too often, or completes no checkpoint, gets a new cluster, and goes on from its metadata. */
final class UnhealthyJob implements Proposer {
    private static final Duration POLL = Duration.ofSeconds(30);

    private final HealthPart health;

    @Inject
    UnhealthyJob(HealthPart health) {
        this.health = health;
    }

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
        return Cause.RESTART_UNHEALTHY;
    }

    @Override
    public Proposal propose(Situation situation) {
        if (!situation.config().orFallback(HealthCheck.ENABLED)) {
            return Proposal.Idle.NOW;
        }
        return Run.of(situation)
                .filter(run -> !run.session() && run.alive())
                .map(this::checked)
                .orElse(Proposal.Idle.NOW);
    }

    private Proposal checked(Run run) {
        return health.now(run.situation())
                .filter(seen -> !seen.healthResult().healthy())
                .map(seen -> restart(run, seen.healthResult().error().orElse("Restarting unhealthy job")))
                .orElseGet(() -> new Proposal.Idle(Optional.of(JobMetricsSource.EVERY)));
    }

    private static Proposal restart(Run run, String why) {
        var told = List.of(Event.warning("Job", "RestartUnhealthyJob", why));
        if (run.recoverable()) {
            return switch (run.situation().choose("last-state", Target.DEPLOYED)) {
                case Choice.Go go
                when go.stop().mode() != StopMode.SAVEPOINT ->
                    run.again(Cause.RESTART_UNHEALTHY, go.stop(), go.restore()).telling(told);
                case Choice.Go go -> later(why, "it is to be stopped with a savepoint, which it does not complete");
                case Choice.Wait wait -> later(why, wait.reason());
                case Choice.Refuse refuse -> later(why, refuse.failure().message());
                case Choice.Hand hand -> throw new IllegalStateException("the engine follows hands: " + hand);
            };
        }
        return run.stateless()
                ? run.again(Cause.RESTART_UNHEALTHY, Stop.of(StopMode.KILL), Restore.NONE)
                        .telling(told)
                : later(why, "high availability knows nothing of its state");
    }

    /** A job that runs badly has its state still. */
    private static Proposal later(String why, String hindrance) {
        return new Proposal.Wait(
                "the job is healthy, or can be restarted with its state. " + why + "; it is not restarted: "
                        + hindrance,
                false,
                POLL);
    }
}
