package io.drey.plugin.upgrades;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Looks, once after each launch with state, at what the job has really restored. A job that runs from older state than it
 * was promised is stopped at once, before it writes more, and waits for the user.
 */
final class BrokenPromise implements Proposer {
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration MARGIN = Duration.ofSeconds(4);
    private static final ConfigKey<Duration> REFRESH =
            ConfigKey.duration("web.refresh-interval", Duration.ofSeconds(3));

    private final PromisePart promises;

    @Inject
    BrokenPromise(PromisePart promises) {
        this.promises = promises;
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
        return Cause.HALT;
    }

    @Override
    public Proposal propose(Situation situation) {
        var promise = promises.of(situation.resource());
        if (promise.isEmpty()) {
            return Proposal.Idle.NOW;
        }
        var job = JobSeen.of(situation);
        if (!job.is("RUNNING")) {
            return Proposal.Idle.NOW;
        }
        // Demands it, if it was not asked for yet.
        situation.facts().get(JobCheckpoints.TYPE);
        var checkpoints = job.checkpoints();
        if (checkpoints.filter(promise.get()::kept).isPresent()) {
            return Proposal.Idle.NOW;
        }
        return checkpoints
                        .filter(answer -> promise.get().broken(answer, cache(situation)))
                        .isPresent()
                ? halt(promise.get(), situation)
                : new Proposal.Idle(Optional.of(POLL));
    }

    /** Twice what Flink keeps an answer for, since the clocks of the two machines may differ a little. */
    private static Duration cache(Situation situation) {
        try {
            return situation.deployedConfig().get(REFRESH).multipliedBy(2).plus(MARGIN);
        } catch (BadConfig e) {
            return REFRESH.fallback().multipliedBy(2).plus(MARGIN);
        }
    }

    private static Proposal halt(Promise promise, Situation situation) {
        var restore = promise.from() == RestoreMode.HIGH_AVAILABILITY
                ? Restore.HIGH_AVAILABILITY
                : Restore.path(promise.path().orElseThrow());
        return new Proposal.Start(
                Cause.HALT,
                Target.DEPLOYED,
                Stop.of(StopMode.KILL),
                restore,
                true,
                "upgrades/promise",
                deployer(situation),
                promise.results());
    }

    private static String deployer(Situation situation) {
        var deployed = (FlinkDeployment) situation.deployed().orElse(situation.resource());
        return deployed.spec().modeOrDefault().wire();
    }
}
