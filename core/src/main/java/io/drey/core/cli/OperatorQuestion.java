package io.drey.core.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.core.config.OperatorConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Asks a running operator about itself. */
final class OperatorQuestion {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LIMIT = 16 << 20;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where the operator answers. Default: the loopback address and the port drey.admin.port, which is"
                            + " right within the operator's pod; from outside use kubectl port-forward.")
    private @Nullable String url;

    /**
     * The answer to a path with its query.
     *
     * @throws IllegalArgumentException when there is none
     */
    JsonNode ask(String path) {
        return ask(path, request -> request);
    }

    /**
     * The answer about something that is posted.
     *
     * @throws IllegalArgumentException when there is none
     */
    JsonNode post(String path, JsonNode content) {
        return ask(path, request -> request.POST(BodyPublishers.ofString(content.toString())));
    }

    private JsonNode ask(String path, UnaryOperator<HttpRequest.Builder> how) {
        var base = url == null ? "http://localhost:" + port() : url.replaceFirst("/+$", "");
        try (var client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            var request = how.apply(
                            HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT))
                    .build();
            var response = client.send(request, BodyHandlers.ofInputStream());
            String text;
            try (var body = response.body()) {
                text = new String(body.readNBytes(LIMIT), StandardCharsets.UTF_8);
            }
            var json = json(text);
            if (response.statusCode() != 200 || json.isEmpty()) {
                throw new IllegalArgumentException(base + path + " answers " + response.statusCode() + ": "
                        + json.map(JsonNode::asText)
                                .filter(said -> !said.isEmpty())
                                .orElse(text.lines()
                                        .limit(3)
                                        .reduce("", (one, other) -> one + " " + other)
                                        .strip()));
            }
            return json.get();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "no operator answers at " + base + " (" + e.getClass().getSimpleName()
                            + "). Run this in its pod: kubectl exec deploy/NAME -- drey ..., or name it with --url");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(new ObjectMapper().readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Of the configuration that the operator reads too, when there is one. */
    private static int port() {
        try {
            return new Sources(Optional.empty(), Optional.empty(), System.getenv())
                    .read()
                    .adminPort();
        } catch (RuntimeException e) {
            // The operator may run with an earlier one; what is wrong with this one it says itself.
            return OperatorConfig.DEFAULT_ADMIN_PORT;
        }
    }
}
