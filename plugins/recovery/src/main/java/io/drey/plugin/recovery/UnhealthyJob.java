package io.drey.plugin.recovery;

import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A job that restarts too often, or completes no checkpoint, gets a new cluster, and goes on from its metadata. */
final class UnhealthyJob extends Remedy {
    private static final Duration POLL = Duration.ofSeconds(30);

    private final HealthPart health;

    @Inject
    UnhealthyJob(HealthPart health) {
        super(Cause.RESTART_UNHEALTHY);
        this.health = health;
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
            return unlessHindered(
                    chosen(
                            run.situation(),
                            "last-state",
                            Target.DEPLOYED,
                            go -> go.stop().mode() == StopMode.SAVEPOINT
                                    ? new Proposal.Wait(
                                            "it would be stopped with a savepoint, which it does not get to",
                                            false,
                                            POLL)
                                    : run.again(Cause.RESTART_UNHEALTHY, go.stop(), go.restore())
                                            .telling(told)),
                    until(why));
        }
        return run.stateless()
                ? run.again(Cause.RESTART_UNHEALTHY, Stop.of(StopMode.KILL), Restore.NONE)
                        .telling(told)
                : new Proposal.Wait(until(why) + ": high availability knows nothing of its state", false, POLL);
    }

    /** A job that runs badly has its state still. */
    private static String until(String why) {
        return "the job is healthy, or can be restarted with its state (" + why + "). It is not restarted";
    }
}
