package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.Schedule;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Flink's REST API behind the engine's port. */
public final class RestFlinkApi implements FlinkApi, AutoCloseable {
    private final FlinkRest rest;
    private final Endpoints endpoints;
    private final Poller poller;
    private final Duration limit;

    /** @param limit of each request */
    public RestFlinkApi(FlinkRest rest, Endpoints endpoints, Schedule schedule, Clock clock, Duration limit) {
        this.rest = rest;
        this.endpoints = endpoints;
        this.poller = new Poller(rest, endpoints, schedule, clock);
        this.limit = limit;
    }

    /** How many clusters are polled. */
    public int polled() {
        return poller.size();
    }

    @Override
    public Polled view(ResourceRef subscriber, FlinkRef flink, Duration every) {
        return poller.view(subscriber, flink, every);
    }

    @Override
    public void forget(ResourceRef subscriber) {
        poller.forget(subscriber);
    }

    @Override
    public void refresh(FlinkRef flink) {
        poller.refresh(flink);
    }

    @Override
    public Outcome cancel(FlinkRef flink, String jobId) {
        return call("PATCH", flink, "/jobs/" + jobId + "?mode=cancel", Optional.empty(), answer -> {
            // Gone, or ended by itself: there is nothing left to cancel.
            if (answer.ok() || answer.code() == 404 || answer.code() == 409) {
                return Outcome.Done.PLAIN;
            }
            return failed("CleanupFailed", "cancelling job " + jobId + ": " + answer.error());
        });
    }

    @Override
    public Outcome stopWithSavepoint(FlinkRef flink, String jobId, EffectId trigger, SavepointRequest request) {
        return unsupported("stop with savepoint");
    }

    @Override
    public Outcome runJob(FlinkRef flink, String jobId, EffectId effect, JsonNode request) {
        return unsupported("running session jobs");
    }

    @Override
    public Outcome rescale(FlinkRef flink, String jobId, JsonNode requirements) {
        return call(
                "PUT",
                flink,
                "/jobs/" + jobId + "/resource-requirements",
                Optional.of(requirements),
                answer -> answer.ok() ? Outcome.Done.PLAIN : failed("RescaleFailed", answer.error()));
    }

    @Override
    public Outcome triggerSnapshot(
            FlinkRef flink, String jobId, EffectId trigger, Optional<SavepointRequest> savepoint) {
        return unsupported("snapshots");
    }

    @Override
    public Outcome disposeSnapshot(FlinkRef flink, String path, EffectId trigger) {
        return unsupported("disposing of snapshots");
    }

    private static Outcome unsupported(String what) {
        return new Outcome.Failed(new Failure(
                ErrorKind.USER, "NotSupported", "this version of Drey has no support for " + what + " yet"));
    }

    private static Outcome failed(String code, String message) {
        return new Outcome.Failed(new Failure(ErrorKind.EXTERNAL, code, message));
    }

    private interface Reader {
        Outcome read(Answer answer);
    }

    private Outcome call(String method, FlinkRef flink, String path, Optional<JsonNode> body, Reader reader) {
        var base = endpoints.of(flink);
        if (base.isEmpty()) {
            return failed("Unreachable", "no address of " + flink);
        }
        var uri = URI.create(base.get() + path);
        var request = body.map(json -> rest.send(method, uri, json)).orElseGet(() -> rest.send(method, uri));
        try {
            return reader.read(request.get(limit.toMillis() + 500, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return failed("Unreachable", flink + " does not answer " + method + " " + path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("Unreachable", "interrupted");
        }
    }

    @Override
    public void close() {
        poller.close();
    }
}
