package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Requests to Flink's REST API over one shared client. Thread-safe. */
public final class FlinkRest {
    private final HttpClient client;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Duration limit;

    /** @param limit of each request */
    public FlinkRest(Duration limit) {
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * @param code HTTP status
     * @param body an empty object when there was none
     */
    public record Answer(int code, JsonNode body) {
        /** Whether the request was accepted. */
        public boolean ok() {
            return code >= 200 && code < 300;
        }

        /** What Flink says went wrong. */
        public String error() {
            var errors = body.path("errors");
            var text = errors.isArray() && !errors.isEmpty() ? errors.get(0).asText() : "HTTP " + code;
            return text.length() <= 500 ? text : text.substring(0, 500);
        }
    }

    /** Sends a request without a body. Fails when there is no answer in time. */
    public CompletableFuture<Answer> send(String method, URI uri) {
        return send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()));
    }

    /** Sends a request with a JSON body. Fails when there is no answer in time. */
    public CompletableFuture<Answer> send(String method, URI uri, JsonNode body) {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString())));
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return client.sendAsync(request.timeout(limit).build(), BodyHandlers.ofByteArray())
                .thenApply(response -> new Answer(response.statusCode(), parse(response.body())));
    }

    private JsonNode parse(byte[] body) {
        try {
            return body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
        } catch (IOException e) {
            // The dispatcher is not up yet, or a proxy answers: the status says enough.
            return mapper.createObjectNode();
        }
    }
}
