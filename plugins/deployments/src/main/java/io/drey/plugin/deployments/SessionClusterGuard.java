package io.drey.plugin.deployments;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds the deletion of a session cluster while jobs are in it, since they would go with it. A cluster without a JobManager runs
 * nothing, and holds nothing up; neither does one in a namespace that is being deleted.
 */
final class SessionClusterGuard implements Proposer {
    private static final ConfigKey<Boolean> SESSION_JOBS = OperatorKeys.BLOCK_ON_SESSION_JOBS;
    private static final ConfigKey<Boolean> UNMANAGED_JOBS = OperatorKeys.BLOCK_ON_UNMANAGED_JOBS;
    private static final Duration POLL = Duration.ofSeconds(10);

    /** How long nothing is said of a JobManager that does not answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int MANY = 10;

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.DELETE;
    }

    @Override
    public Proposal propose(Situation situation) {
        var resource = (FlinkDeployment) situation.resource();
        boolean asked = resource.spec().job().isEmpty()
                && situation.config().orFallback(SESSION_JOBS)
                && situation.facts().get(ClusterObjects.TYPE).untouched()
                && !situation.facts().get(HomeNamespace.TYPE).terminating();
        return asked
                ? sessionJobs(situation)
                        .or(() -> unmanagedJobs(situation, resource))
                        .orElse(Proposal.Idle.NOW)
                : Proposal.Idle.NOW;
    }

    private static Optional<Proposal> sessionJobs(Situation situation) {
        var names = situation.facts().get(SessionJobs.TYPE).names();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(blocked(
                        situation,
                        "FlinkSessionJobs " + listed(names) + " are in this session cluster",
                        "Delete them first",
                        SESSION_JOBS));
    }

    private static Optional<Proposal> unmanagedJobs(Situation situation, FlinkDeployment resource) {
        if (!situation.config().orFallback(UNMANAGED_JOBS)) {
            return Optional.empty();
        }
        var flink = situation.facts().find(FlinkJobs.TYPE);
        if (flink.filter(seen -> seen.reach() == Reach.SERVING).isEmpty()) {
            return silent(situation, resource);
        }
        var running = flink.get().jobs().stream().filter(job -> !job.ended()).toList();
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(blocked(
                        situation,
                        "jobs " + listed(running.stream().map(Job::id).toList()) + " run in this session cluster",
                        "Cancel them first",
                        UNMANAGED_JOBS));
    }

    /** One that Kubernetes calls available may run jobs, whether it answers or not. */
    private static Optional<Proposal> silent(Situation situation, FlinkDeployment resource) {
        boolean available = situation
                .facts()
                .get(ClusterObjects.TYPE)
                .jobManager()
                .filter(JobManagerReducer::available)
                .isPresent();
        if (!available) {
            return Optional.empty();
        }
        boolean soon = resource.metadata()
                .deletionTimestamp()
                .filter(deleted -> situation.now().isBefore(deleted.plus(PATIENCE)))
                .isPresent();
        return Optional.of(
                soon
                        ? new Proposal.Wait("the JobManager has answered", true, Duration.ofSeconds(1))
                        : blocked(
                                situation,
                                "the JobManager is available and does not answer, so jobs may run in it",
                                "Make it answer",
                                UNMANAGED_JOBS));
    }

    private static String listed(List<String> names) {
        return names.stream().limit(MANY).collect(Collectors.joining(", "))
                + (names.size() > MANY ? " and " + (names.size() - MANY) + " more" : "");
    }

    private static Proposal blocked(Situation situation, String why, String fix, ConfigKey<Boolean> key) {
        var reason = "deletion waits: " + why + ". " + fix + ", or set " + key.name()
                + ": \"false\" in spec.flinkConfiguration to lose them";
        return new Proposal.Block(
                reason,
                reported(situation, reason)
                        ? List.of()
                        : List.of(Event.warning("Operator", "CleanupFailed", reason)
                                .foldedBy("CleanupFailed " + key.name())),
                POLL);
    }

    private static boolean reported(Situation situation, String reason) {
        return ((FlinkDeployment) situation.resource())
                .status().conditions().stream()
                        .anyMatch(condition -> condition.message().equals(reason));
    }
}
