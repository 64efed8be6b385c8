package io.drey.plugin.unattended;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.Situation;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.SavepointStop;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Step;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkSessionJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Jobs of session clusters, of which only the end is carried out. */
final class SessionJobDeployer implements Deployer {
    static final String NAME = "session-job";

    private static final ConfigKey<Boolean> SAVEPOINT = OperatorKeys.SAVEPOINT_ON_DELETION;
    private static final Step ANSWERED = new Step.Await(
            "the JobManager of its session cluster has answered. Delete that cluster to delete the job without its answer",
            Duration.ofSeconds(2));
    private static final Step ENDED = new Step.Await("the job has ended", Duration.ofSeconds(2));

    /** How long a JobManager that is not available, and without high availability, is waited for: its jobs are gone. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ObjectNode> render(Launch launch) {
        throw new IllegalArgumentException("kind: found FlinkSessionJob, which this version does not launch yet");
    }

    @Override
    public List<Step> teardown(Situation situation, Operation operation) {
        return List.of();
    }

    @Override
    public List<Step> clear(Situation situation, Operation operation) {
        if (!(situation.resource() instanceof FlinkSessionJob job)) {
            return List.of();
        }
        var cluster = situation.facts().get(SessionCluster.TYPE);
        if (!mayRun(situation)) {
            // The poller may see the end of a job before the step that ends it has returned the path.
            return listed(job, cluster)
                    .filter(ended -> ended.state().equals("FINISHED") && !operation.saved() && wanted(cluster.config()))
                    .<List<Step>>map(ended -> List.of(stop(job, cluster, operation)))
                    .orElse(List.of());
        }
        if (cluster.jobs().reach() != Reach.SERVING) {
            return List.of(ANSWERED);
        }
        var state = listed(job, cluster).orElseThrow().state();
        if (state.equals("CANCELLING")) {
            return List.of(ENDED);
        }
        return wanted(cluster.config()) && !state.equals("RUNNING")
                ? List.of(new Step.Await(
                        "the job, which is " + state
                                + ", runs and a savepoint can be taken. To delete without one, set " + SAVEPOINT.name()
                                + ": \"false\" in spec.flinkConfiguration",
                        Duration.ofSeconds(2)))
                : List.of(stop(job, cluster, operation), ENDED);
    }

    /** Whether there may be a job to end. */
    static boolean mayRun(Situation situation) {
        var job = (FlinkSessionJob) situation.resource();
        var cluster = situation.facts().get(SessionCluster.TYPE);
        if (cluster.flink().isEmpty() || job.status().jobStatus().jobId().isEmpty()) {
            return false;
        }
        return cluster.jobs().reach() == Reach.SERVING
                ? listed(job, cluster).filter(listed -> !listed.ended()).isPresent()
                : cluster.config().highAvailability() || cluster.available() || !cluster.polled() || young(situation);
    }

    private static Optional<Job> listed(FlinkSessionJob job, SessionCluster cluster) {
        return job.status().jobStatus().jobId().flatMap(cluster.jobs()::job);
    }

    private static Step stop(FlinkSessionJob job, SessionCluster cluster, Operation operation) {
        return new Step.StopJob(
                cluster.flink().orElseThrow(),
                job.status().jobStatus().jobId().orElseThrow(),
                EffectId.derive(operation.id(), "delete", operation.attempt()),
                wanted(cluster.config()) ? Optional.of(savepoint(cluster.config())) : Optional.empty(),
                false);
    }

    private static boolean young(Situation situation) {
        return situation
                .resource()
                .metadata()
                .deletionTimestamp()
                .filter(deleted -> situation.now().isBefore(deleted.plus(PATIENCE)))
                .isPresent();
    }

    private static SavepointRequest savepoint(FlinkConfig config) {
        var stop = SavepointStop.of(config);
        return new SavepointRequest(
                StateDirectories.savepoints(config), stop.format().orElse("CANONICAL"), stop.drain());
    }

    /** A misspelt value asks for a savepoint too. */
    private static boolean wanted(FlinkConfig config) {
        try {
            return config.get(SAVEPOINT);
        } catch (BadConfig e) {
            return true;
        }
    }

    @Override
    public FlinkRef flink(CustomResource resource, FlinkConfig config) {
        return FlinkRef.of(resource.ref(), config);
    }
}
