package io.drey.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    @Test
    @Tag("S045")
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

    @Test
    void clients_that_never_finish_do_not_keep_the_probe_from_answering() throws Exception {
        var large = "x".repeat(16 << 20);
        try (var server = new HealthServer(0, List::of);
                var client = HttpClient.newHttpClient();
                var sockets = new Sockets(server.port())) {
            server.text("/large", "text/plain", () -> large);
            server.start();
            for (int i = 0; i < 8; i++) {
                sockets.send("G");
                sockets.send("GET /large HTTP/1.1\r\nHost: drey\r\n\r\n");
            }

            var probe = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            assertThat(client.send(probe, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("OK");
        }
    }

    @Test
    void a_request_that_does_not_end_is_cut_off() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HealthServerProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = process.inputReader();
                var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(output.readLine()))) {
            socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
            socket.getOutputStream().write('G');

            assertThat(socket.getInputStream().read()).as("the end").isEqualTo(-1);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Clients that send something and read nothing. */
    private record Sockets(int port, List<Socket> open) implements AutoCloseable {
        Sockets(int port) {
            this(port, new ArrayList<>());
        }

        void send(String text) throws IOException {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(socket);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            for (var socket : open) {
                socket.close();
            }
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
