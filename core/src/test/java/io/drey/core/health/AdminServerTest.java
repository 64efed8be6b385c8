package io.drey.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.drey.core.health.AdminServer.Page;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    @Test
    void pages_are_on_the_loopback_address_only() throws Exception {
        try (var server = new AdminServer(0);
                var client = HttpClient.newHttpClient()) {
            server.page("/page", parameters -> {
                if (parameters.containsKey("fail")) {
                    throw new IllegalStateException("no");
                }
                return new Page(200, "\"" + parameters.get("a b") + "\"");
            });
            server.start();

            assertThat(ask(client, server, "GET", "/page?a+b=c%2Fd&x")).isEqualTo("200 \"c/d\"");
            assertThat(ask(client, server, "GET", "/page?fail=1")).startsWith("500 ");
            assertThat(ask(client, server, "GET", "/other")).startsWith("404 ");

            var address = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                    .findFirst();
            assumeThat(address).as("this machine has a network").isPresent();
            assertThatThrownBy(() -> new Socket(address.get(), server.port()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void forms_take_one_post_of_a_bounded_size_at_a_time() throws Exception {
        var asked = new CountDownLatch(1);
        var answers = new CountDownLatch(1);
        try (var server = new AdminServer(0);
                var client = HttpClient.newHttpClient()) {
            server.form("/form", body -> {
                if (body.length == 1) {
                    asked.countDown();
                    Uninterruptibles.awaitUninterruptibly(answers);
                }
                return new Page(200, String.valueOf(body.length));
            });
            server.start();

            assertThat(ask(client, server, "GET", "/form")).startsWith("405 ");
            assertThat(post(client, server, 3 << 19).join().body()).isEqualTo(String.valueOf(3 << 19));
            assertThat(post(client, server, (3 << 19) + 1).join().statusCode()).isEqualTo(413);

            var first = post(client, server, 1);
            asked.await();
            assertThat(post(client, server, 2).join().statusCode()).isEqualTo(429);
            answers.countDown();
            assertThat(first.join().body()).isEqualTo("1");
            assertThat(post(client, server, 2).join().body()).isEqualTo("2");
        }
    }

    private static CompletableFuture<HttpResponse<String>> post(HttpClient client, AdminServer server, int size) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/form"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[size]))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String ask(HttpClient client, AdminServer server, String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        var response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
