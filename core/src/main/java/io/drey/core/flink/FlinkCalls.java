package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.core.flink.FlinkRest.Question;
import io.drey.spi.fact.Projection;
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
import java.util.function.Function;

/** Requests to a JobManager that wait for their answer. */
final class FlinkCalls {
    private final Wire wire;
    private final Duration limit;

    FlinkCalls(Wire wire, Duration limit) {
        this.wire = wire;
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

    /** Reads parts of an answer. Of one that is too large those at its beginning are returned. */
    Answer get(FlinkRef flink, String path, Projection projection) throws NoAnswer {
        return answer(
                flink,
                path,
                address -> wire.rest().get(new Question(address, FlinkRest.MAX_ANSWER, projection, limit)));
    }

    Answer send(String method, FlinkRef flink, String path) throws NoAnswer {
        return answer(flink, path, address -> wire.rest().send(method, address));
    }

    Answer send(String method, FlinkRef flink, String path, JsonNode body) throws NoAnswer {
        return answer(flink, path, address -> wire.rest().send(method, address, body));
    }

    private Answer answer(FlinkRef flink, String path, Function<URI, CompletableFuture<Answer>> request)
            throws NoAnswer {
        wire.permits().takes(flink.namespace());
        try {
            // Looked up now: what is done to a job must not reach another cluster that has got the address since.
            var address = await(wire.addresses().fresh(flink), flink + " has no address, or it cannot be looked up")
                    .orElseThrow(() -> new NoAnswer("no address of " + flink));
            return await(request.apply(URI.create(address + path)), flink + " does not answer " + path);
        } finally {
            wire.permits().release(flink.namespace());
        }
    }

    private <T> T await(CompletableFuture<T> result, String otherwise) throws NoAnswer {
        try {
            return result.get(limit.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new NoAnswer(otherwise);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("interrupted: " + otherwise);
        }
    }
}
