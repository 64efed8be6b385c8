package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkCalls.NoAnswer;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.Schedule;
import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Flink's REST API behind the engine's port. Closing it closes the HTTP client too. */
public final class RestFlinkApi implements FlinkApi, AutoCloseable {
    private final Wire wire;
    private final FlinkCalls calls;
    private final Snapshots snapshots;
    private final Poller poller;
    private final CheckpointReader checkpoints;
    private final DocumentReader documents;

    /** @param limit of each effect's requests, one by one */
    public RestFlinkApi(FlinkRest rest, Endpoints endpoints, Schedule schedule, Clock clock, Duration limit) {
        this.wire = new Wire(rest, endpoints, clock);
        this.calls = new FlinkCalls(wire, limit);
        this.snapshots = new Snapshots(calls, clock);
        this.documents = new DocumentReader(wire, schedule);
        this.poller = new Poller(wire, schedule, documents::moved);
        this.checkpoints = new CheckpointReader(wire, schedule);
    }

    /**
     * The clusters that are polled.
     *
     * @param unseen of them, that were not looked at yet
     * @param unreachable of them, that were not reached at the last look, or not looked at yet
     */
    public record Polls(int clusters, int unseen, int unreachable) {}

    /** The clusters that are polled. */
    public Polls polls() {
        return poller.polls();
    }

    /** The traffic to JobManagers. */
    public Counts counts() {
        return new Counts(
                wire.rest().answered(),
                wire.rest().unanswered(),
                wire.permits().underWay(),
                wire.rest().bytesHeld(),
                poller.late(),
                wire.addresses().lookups());
    }

    /** Objects of this resource have changed in Kubernetes: its JobManagers are looked up and polled soon. */
    public void changed(ResourceRef resource) {
        poller.changed(resource);
    }

    @Override
    public Polled view(ResourceRef subscriber, FlinkRef flink, Optional<String> job, Duration every) {
        return poller.view(subscriber, flink, job, every);
    }

    @Override
    public JobCheckpoints checkpoints(ResourceRef subscriber, FlinkRef flink, String jobId) {
        return checkpoints.read(subscriber, flink, jobId);
    }

    @Override
    public Document document(ResourceRef subscriber, FlinkRef flink, DocumentQuery query) {
        return documents.read(subscriber, flink, query);
    }

    @Override
    public void forget(ResourceRef subscriber) {
        poller.forget(subscriber);
        checkpoints.forget(subscriber);
        documents.forget(subscriber);
    }

    @Override
    public void refresh(FlinkRef flink) {
        wire.addresses().doubt(flink);
        poller.refresh(flink);
        checkpoints.refresh(flink);
        documents.refresh(flink);
    }

    @Override
    public Outcome cancel(FlinkRef flink, String jobId) {
        return effect(() -> {
            var answer = calls.send("PATCH", flink, "/jobs/" + jobId + "?mode=cancel");
            // Gone, or ended by itself: there is nothing left to cancel.
            return answer.ok() || FlinkCalls.unknownJob(answer) || answer.code() == 409
                    ? Outcome.Done.PLAIN
                    : FlinkCalls.refused("CleanupFailed", "cancelling job " + jobId, answer);
        });
    }

    @Override
    public Outcome stopWithSavepoint(FlinkRef flink, String jobId, EffectId trigger, SavepointRequest request) {
        try {
            return snapshots.stop(flink, jobId, trigger, request);
        } catch (NoAnswer e) {
            // It may well have been heard. The same id finds out.
            return new Outcome.Pending(flink + " to answer", Duration.ofSeconds(2));
        }
    }

    @Override
    public Outcome runJob(FlinkRef flink, String jobId, EffectId effect, JsonNode request) {
        return new Outcome.Failed(
                new Failure(ErrorKind.USER, "NotSupported", "this version of Drey does not run session jobs yet"));
    }

    @Override
    public Outcome rescale(FlinkRef flink, String jobId, JsonNode requirements) {
        return effect(() -> {
            var answer = calls.send("PUT", flink, "/jobs/" + jobId + "/resource-requirements", requirements);
            return answer.ok()
                    ? Outcome.Done.PLAIN
                    : FlinkCalls.refused(Rescaling.FAILED, "rescaling job " + jobId, answer);
        });
    }

    @Override
    public Outcome triggerSnapshot(
            FlinkRef flink, String jobId, EffectId trigger, Optional<SavepointRequest> savepoint) {
        return effect(() -> snapshots.trigger(flink, jobId, trigger, savepoint));
    }

    @Override
    public Outcome disposeSnapshot(FlinkRef flink, String path, EffectId trigger) {
        return effect(() -> snapshots.dispose(flink, path, trigger));
    }

    private interface Effect {
        Outcome perform() throws NoAnswer;
    }

    private static Outcome effect(Effect effect) {
        try {
            return effect.perform();
        } catch (NoAnswer e) {
            return e.outcome();
        }
    }

    @Override
    public void close() {
        poller.close();
        documents.close();
        wire.close();
    }
}
