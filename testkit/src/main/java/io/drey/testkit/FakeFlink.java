package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.port.FlinkApi;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JobManagers' REST APIs in memory. Its limits: no savepoints and no session jobs yet; a view is always fresh. Not
 * thread-safe.
 */
public final class FakeFlink implements FlinkApi {
    private final Clock clock;
    private final Faults faults;
    private final Map<String, FlinkJobs> clusters = new HashMap<>();
    private final List<String> log = new ArrayList<>();

    public FakeFlink(Clock clock, Faults faults) {
        this.clock = clock;
        this.faults = faults;
    }

    /** A JobManager serves, with this job in this state. */
    public void serves(String namespace, String cluster, String jobId, String state) {
        clusters.put(
                namespace + "/" + cluster,
                new FlinkJobs(
                        Reach.SERVING,
                        List.of(new Job(jobId, cluster, state, clock.instant(), Optional.empty())),
                        Map.of("flink-version", "2.3.0", "flink-revision", "test"),
                        1));
    }

    /** A session cluster's JobManager serves. */
    public void serves(String namespace, String cluster) {
        clusters.put(
                namespace + "/" + cluster,
                new FlinkJobs(Reach.SERVING, List.of(), Map.of("flink-version", "2.3.0", "flink-revision", "test"), 0));
    }

    /** A JobManager is gone. */
    public void gone(String namespace, String cluster) {
        clusters.remove(namespace + "/" + cluster);
    }

    /** What was asked for, in order. */
    public List<String> log() {
        return List.copyOf(log);
    }

    @Override
    public Polled view(ResourceRef subscriber, FlinkRef flink, Duration every) {
        return new Polled(clusters.getOrDefault(flink.toString(), FlinkJobs.UNREACHABLE), clock.instant());
    }

    @Override
    public void forget(ResourceRef subscriber) {}

    @Override
    public void refresh(FlinkRef flink) {}

    @Override
    public Outcome cancel(FlinkRef flink, String jobId) {
        faults.before("cancel " + flink);
        var cluster = clusters.get(flink.toString());
        Outcome outcome;
        if (cluster == null) {
            outcome = new Outcome.Failed(new Failure(ErrorKind.EXTERNAL, "Unreachable", flink + " does not answer"));
        } else {
            clusters.put(
                    flink.toString(),
                    new FlinkJobs(
                            cluster.reach(),
                            cluster.jobs().stream()
                                    .map(job -> job.id().equals(jobId)
                                            ? new Job(job.id(), job.name(), "CANCELED", job.startTime(), job.failure())
                                            : job)
                                    .toList(),
                            cluster.cluster(),
                            cluster.taskManagers()));
            outcome = Outcome.Done.PLAIN;
        }
        log.add("cancel " + jobId);
        faults.after("cancel " + flink);
        return outcome;
    }

    @Override
    public Outcome stopWithSavepoint(FlinkRef flink, String jobId, EffectId trigger, SavepointRequest request) {
        throw new UnsupportedOperationException("no savepoints in this fake yet");
    }

    @Override
    public Outcome runJob(FlinkRef flink, String jobId, EffectId effect, JsonNode request) {
        throw new UnsupportedOperationException("no session jobs in this fake yet");
    }

    @Override
    public Outcome rescale(FlinkRef flink, String jobId, JsonNode requirements) {
        throw new UnsupportedOperationException("no rescaling in this fake yet");
    }

    @Override
    public Outcome triggerSnapshot(
            FlinkRef flink, String jobId, EffectId trigger, Optional<SavepointRequest> savepoint) {
        throw new UnsupportedOperationException("no savepoints in this fake yet");
    }

    @Override
    public Outcome disposeSnapshot(FlinkRef flink, String path, EffectId trigger) {
        throw new UnsupportedOperationException("no savepoints in this fake yet");
    }
}
