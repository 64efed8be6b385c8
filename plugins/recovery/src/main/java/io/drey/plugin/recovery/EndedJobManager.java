package io.drey.plugin.recovery;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The JobManager of a job that has ended is kept for a while, to be looked at, and then removed. */
final class EndedJobManager implements Proposer {
    private static final ConfigKey<Duration> KEPT = OperatorKeys.SHUTDOWN_TTL;

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.CHORE;
    }

    @Override
    public Proposal propose(Situation situation) {
        return Run.of(situation)
                .filter(run -> !run.session() && run.ended() && !run.is(JobManagerDeploymentStatus.MISSING))
                .flatMap(run -> run.status().jobStatus().updatedAt())
                .map(time -> time.plus(situation.config().orFallback(KEPT)))
                .map(end -> remove(end, situation))
                .orElse(Proposal.Idle.NOW);
    }

    /** Metadata stays. Whoever looks for it finds what Flink left of it. */
    private static Proposal remove(Instant end, Situation situation) {
        if (situation.now().isBefore(end)) {
            return new Proposal.Idle(Optional.of(Duration.between(situation.now(), end)));
        }
        return situation
                .facts()
                .get(ClusterObjects.TYPE)
                .jobManager()
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp"))
                .<Proposal>map(manager -> new Proposal.Steps(List.of(new Step.Delete(
                        ObjectKey.of(manager),
                        manager.path("metadata").path("uid").asText(),
                        Step.Propagation.FOREGROUND))))
                .orElse(Proposal.Idle.NOW);
    }
}
