package io.drey.core.flink;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.flink.LimitedBody.Received;
import io.drey.core.flink.Projector.Cut;
import io.drey.spi.config.Redaction;
import io.drey.spi.fact.Projection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests to Flink's REST API over one shared client with a few threads. A JobManager runs code of users, so nothing that
 * it answers is waited for, or kept, without a limit. Thread-safe.
 */
public final class FlinkRest implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int MAX_ERROR = 500;
    private static final long MAX_HELD = Math.clamp(Runtime.getRuntime().maxMemory() / 16, 8 << 20, 64 << 20);

    /** Bytes that are read of an answer about effects: a failure carries its stack trace, and a job its plan. */
    static final int MAX_ANSWER = 4 << 20;

    private static final Projection ACCEPTED = Projection.of("/request-id");
    private static final Projection ERRORS = new Projection(Set.of("/errors/*"), Integer.MAX_VALUE, 1 << 14, 1 << 16);

    private final HttpClient client;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("drey-flink-http-", 0).daemon().factory());
    private final ByteBudget budget = new ByteBudget(MAX_HELD);
    private final Map<Integer, LongAdder> answered = new ConcurrentHashMap<>();
    private final LongAdder unanswered = new LongAdder();
    private final Duration limit;

    /** @param limit of each request, from connecting to the last byte of the answer */
    public FlinkRest(Duration limit) {
        this.limit = requireNonNull(limit);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads)
                .build();
    }

    /**
     * @param code HTTP status
     * @param body the requested parts, of a too large answer those at its beginning; an empty object when there was none,
     *     or none that is JSON
     * @param whole whether nothing of the answer is missing
     */
    public record Answer(int code, JsonNode body, boolean whole) {
        /** Whether the request was accepted. */
        public boolean ok() {
            return code >= 200 && code < 300;
        }

        /** The error that Flink returned, without secrets. */
        public String error() {
            var errors = body.path("errors");
            for (var error : errors) {
                var text = Redaction.text(error.asText());
                if (!text.isBlank() && !text.equals("Internal server error.")) {
                    return text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR);
                }
            }
            return "HTTP " + code;
        }
    }

    /**
     * An answer of which parts are kept.
     *
     * @param json those parts; of an answer that is no success, its errors
     */
    record Parts(int code, byte[] json, Cut cut) {
        boolean ok() {
            return code >= 200 && code < 300;
        }
    }

    /**
     * A question.
     *
     * @param maxBytes of the answer that are read
     * @param projection of the answer that is kept
     * @param within which the answer is there, unless the limit of any request is shorter
     */
    record Question(URI uri, int maxBytes, Projection projection, Duration within) {}

    /** Sends a request without a body, of whose answer only the request id is kept. Fails when there is none in time. */
    public CompletableFuture<Answer> send(String method, URI uri) {
        return send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()));
    }

    /** Sends a request with a JSON body, of whose answer only the request id is kept. Fails when there is none in time. */
    public CompletableFuture<Answer> send(String method, URI uri, JsonNode body) {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString())));
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return send(request, limit, MAX_ANSWER, ACCEPTED).thenApply(FlinkRest::answer);
    }

    /** Asks for parts of an answer. Fails when there is none in time. */
    CompletableFuture<Parts> parts(Question question) {
        var within = question.within().compareTo(limit) < 0 ? question.within() : limit;
        return send(HttpRequest.newBuilder(question.uri()).GET(), within, question.maxBytes(), question.projection());
    }

    /** The same as a tree. */
    CompletableFuture<Answer> get(Question question) {
        return parts(question).thenApply(FlinkRest::answer);
    }

    private CompletableFuture<Parts> send(
            HttpRequest.Builder request, Duration within, int maxBytes, Projection projection) {
        var body = new LimitedBody(maxBytes, budget);
        var sent = client.sendAsync(request.timeout(within).build(), body::of);
        // The client may wait for the end of a body that was cut: a failure comes from it, a body from where it is
        // received.
        sent.whenComplete((response, error) -> {
            if (error != null) {
                body.onError(error);
            }
        });
        // The client's own limit ends with the headers: a JobManager that hangs in the middle of a body needs another.
        return body.getBody()
                .copy()
                .orTimeout(within.toMillis() + 100, TimeUnit.MILLISECONDS)
                .thenApply(received -> parts(received, projection))
                .whenComplete((parts, error) -> {
                    body.release();
                    if (error != null) {
                        unanswered.increment();
                    } else {
                        answered.computeIfAbsent(parts.code(), code -> new LongAdder())
                                .increment();
                    }
                    if (error != null || parts.cut() == Cut.TOO_LARGE) {
                        sent.cancel(true);
                    }
                });
    }

    private static Parts parts(Received received, Projection projection) {
        int code = received.status();
        var kept = Projector.keep(received.bytes(), code >= 200 && code < 300 ? projection : ERRORS);
        return new Parts(code, kept.json(), received.cut() ? Cut.TOO_LARGE : kept.cut());
    }

    private static Answer answer(Parts parts) {
        return switch (parts.cut()) {
            case NOTHING_MISSING -> new Answer(parts.code(), Projector.tree(parts.json()), true);
            case TOO_LARGE -> new Answer(parts.code(), Projector.tree(parts.json()), false);
            // No JSON: something else answers on this port, or a proxy in front of it.
            case MALFORMED -> new Answer(parts.code(), JsonNodeFactory.instance.objectNode(), false);
        };
    }

    /** Where answers are taken in. Nothing that waits may run there. */
    Executor executor() {
        return threads;
    }

    Map<Integer, Long> answered() {
        Map<Integer, Long> counts = new TreeMap<>();
        answered.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }

    long unanswered() {
        return unanswered.sum();
    }

    long bytesHeld() {
        return budget.held();
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
