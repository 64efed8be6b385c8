package io.drey.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.util.concurrent.Uninterruptibles;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
    void pagesAreForThisMachineAndTheProbeGoesOnBesideThem() throws Exception {
        try (var server = new HealthServer(0, List::of);
                var client = HttpClient.newHttpClient()) {
            server.page("/page", parameters -> {
                if (parameters.containsKey("fail")) {
                    throw new IllegalStateException("no");
                }
                return new HealthServer.Page(200, "\"" + parameters.get("a b") + "\"");
            });
            server.start();

            assertThat(ask(client, server, "GET", "/page?a+b=c%2Fd&x")).isEqualTo("200 \"c/d\"");
            assertThat(ask(client, server, "GET", "/page?fail=1")).startsWith("500 ");
            assertThat(ask(client, server, "GET", "/other")).isEqualTo("200 OK");

            var address = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                    .findFirst();
            assumeThat(address).as("this machine has a network").isPresent();
            var from = HttpRequest.newBuilder(
                            URI.create("http://" + address.get().getHostAddress() + ":" + server.port() + "/page"))
                    .build();
            assertThat(client.send(from, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void formsTakeOnePostOfABoundedSizeAtATime() throws Exception {
        var asked = new CountDownLatch(1);
        var answers = new CountDownLatch(1);
        try (var server = new HealthServer(0, List::of);
                var client = HttpClient.newHttpClient()) {
            server.form("/form", body -> {
                if (body.length == 1) {
                    asked.countDown();
                    Uninterruptibles.awaitUninterruptibly(answers);
                }
                return new HealthServer.Page(200, String.valueOf(body.length));
            });
            server.start();

            assertThat(ask(client, server, "GET", "/form")).startsWith("405 ");
            assertThat(post(client, server, 3 << 19).join().body()).isEqualTo(String.valueOf(3 << 19));
            assertThat(post(client, server, (3 << 19) + 1).join().statusCode()).isEqualTo(413);

            var first = post(client, server, 1);
            asked.await();
            assertThat(post(client, server, 2).join().statusCode()).isEqualTo(429);
            assertThat(ask(client, server, "GET", "/")).as("the probe").isEqualTo("200 OK");
            answers.countDown();
            assertThat(first.join().body()).isEqualTo("1");
            assertThat(post(client, server, 2).join().body()).isEqualTo("2");
        }
    }

    private static CompletableFuture<HttpResponse<String>> post(HttpClient client, HealthServer server, int size) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/form"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[size]))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String ask(HttpClient client, HealthServer server, String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
