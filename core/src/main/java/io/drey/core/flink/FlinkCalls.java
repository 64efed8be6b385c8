package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to a JobManager that wait for their answer. */
final class FlinkCalls {
    private final FlinkRest rest;
    private final Endpoints endpoints;
    private final Duration limit;

    FlinkCalls(FlinkRest rest, Endpoints endpoints, Duration limit) {
        this.rest = rest;
        this.endpoints = endpoints;
        this.limit = limit;
    }

    /** There was no answer. Somebody or something outside of here has to mend that. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1;

        NoAnswer(String message) {
            super(message);
        }

        Outcome outcome() {
            return failed("Unreachable", String.valueOf(getMessage()));
        }
    }

    static Outcome failed(String code, String message) {
        return new Outcome.Failed(new Failure(ErrorKind.EXTERNAL, code, message));
    }

    /** @param what was refused with this answer */
    static Outcome refused(String code, String what, Answer answer) {
        return new Outcome.Failed(
                new Failure(ErrorKind.EXTERNAL, code, what + ": " + answer.error(), Optional.of(answer.code())));
    }

    /** Flink itself says that it does not know the job. Its port before the dispatcher serves says that of any path. */
    static boolean unknownJob(Answer answer) {
        return answer.code() == 404
                && answer.body().has("errors")
                && !answer.error().startsWith("Not found");
    }

    Answer get(FlinkRef flink, String path) throws NoAnswer {
        return answer(flink, path, rest.send("GET", uri(flink, path)));
    }

    Answer send(String method, FlinkRef flink, String path) throws NoAnswer {
        return answer(flink, path, rest.send(method, uri(flink, path)));
    }

    Answer send(String method, FlinkRef flink, String path, JsonNode body) throws NoAnswer {
        return answer(flink, path, rest.send(method, uri(flink, path), body));
    }

    private URI uri(FlinkRef flink, String path) throws NoAnswer {
        return URI.create(endpoints.of(flink).orElseThrow(() -> new NoAnswer("no address of " + flink)) + path);
    }

    private Answer answer(FlinkRef flink, String path, CompletableFuture<Answer> answer) throws NoAnswer {
        try {
            return answer.get(limit.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new NoAnswer(flink + " does not answer " + path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("interrupted while waiting for " + flink);
        }
    }
}
