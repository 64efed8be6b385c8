package io.drey.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    @Test
    void answersEveryPathAndMethodWithOkOrTheReasons() throws Exception {
        var problems = new AtomicReference<List<String>>(List.of());
        try (var server = new HealthServer(0, problems::get);
                var client = HttpClient.newHttpClient()) {
            server.start();

            assertThat(ask(client, server, "GET", "/")).isEqualTo("200 OK");
            assertThat(ask(client, server, "POST", "/any/path")).isEqualTo("200 OK");

            problems.set(List.of("informer pods does not answer", "not started"));
            assertThat(ask(client, server, "GET", "/healthz"))
                    .isEqualTo("500 ERROR\ninformer pods does not answer\nnot started");
        }
    }

    private static String ask(HttpClient client, HealthServer server, String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
