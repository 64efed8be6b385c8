package io.drey.core.flink;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Requests to Flink's REST API over one shared client. A JobManager runs code of users, so nothing that it answers is
 * waited for, or kept, without a limit. Thread-safe.
 */
public final class FlinkRest implements AutoCloseable {
    private static final int MAX_BODY = 16 * 1024 * 1024;
    private static final int MAX_ERROR = 500;

    private final HttpClient client;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Duration limit;

    /** @param limit of each request, from connecting to the last byte of the answer */
    public FlinkRest(Duration limit) {
        this.limit = requireNonNull(limit);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * @param code HTTP status
     * @param body an empty object when there was none, or none that is JSON
     */
    public record Answer(int code, JsonNode body) {
        /** Whether the request was accepted. */
        public boolean ok() {
            return code >= 200 && code < 300;
        }

        /** What Flink says went wrong. */
        public String error() {
            var errors = body.path("errors");
            for (var error : errors) {
                var text = error.asText();
                if (!text.isBlank() && !text.equals("Internal server error.")) {
                    return text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR);
                }
            }
            return "HTTP " + code;
        }
    }

    /** Sends a request without a body. Fails when there is no answer in time. */
    public CompletableFuture<Answer> send(String method, URI uri) {
        return send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()), limit);
    }

    /** Asks. Fails when there is no answer within this time, or within that of any request. */
    CompletableFuture<Answer> get(URI uri, Duration within) {
        return send(HttpRequest.newBuilder(uri).GET(), within.compareTo(limit) < 0 ? within : limit);
    }

    /** Sends a request with a JSON body. Fails when there is no answer in time. */
    public CompletableFuture<Answer> send(String method, URI uri, JsonNode body) {
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body.toString())),
                limit);
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request, Duration within) {
        // The client's own limit ends with the headers: a JobManager that hangs in the middle of a body needs another.
        var sent = client.sendAsync(request.timeout(within).build(), head -> new LimitedBody(MAX_BODY));
        var limited = sent.copy().orTimeout(within.toMillis() + 100, TimeUnit.MILLISECONDS);
        return limited.whenComplete((response, error) -> {
                    if (error != null) {
                        sent.cancel(true);
                    }
                })
                .thenApply(this::answer);
    }

    private Answer answer(HttpResponse<byte[]> response) {
        try {
            return new Answer(response.statusCode(), mapper.readTree(response.body()));
        } catch (IOException e) {
            // No JSON: something else answers on this port, or a proxy in front of it.
            return new Answer(response.statusCode(), mapper.createObjectNode());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
