package io.drey.plugin.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginHost.Offer;
import io.drey.spi.plan.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packed jar in the plugin host: it sends, and when it is unloaded nothing of it is left. */
@Timeout(120)
class PackedPluginIT {
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsAndLeavesNothing() throws IOException {
        var plugins = Files.createDirectory(folder.resolve("plugins"));
        try (var jars = Files.newDirectoryStream(Path.of("target"), "drey-plugin-listeners-*.jar")) {
            for (var jar : jars) {
                Files.copy(jar, plugins.resolve(jar.getFileName()));
            }
        }
        var section = new ObjectMapper()
                .readTree("{\"webhooks\": [{\"url\": \"http://localhost:"
                        + server.getAddress().getPort() + "\"}]}");
        try (var watch = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));
                var host = new PluginHost(folder.resolve("store"), "0.1.0", Clock.systemUTC(), watch)) {
            host.load(new Offer(List.of(plugins), Map.of("listeners", section), Set.of()));
            host.features()
                    .listeners()
                    .forEach(listener -> listener.onReport(Reports.of(Event.normal("Job", "Submit", "Go"))));
            await().until(() -> requests.get() == 1);
            assertThat(ofWebhooks()).isNotEmpty();

            host.change(new Offer(List.of(), Map.of(), Set.of()));

            await().untilAsserted(() -> assertThat(ofWebhooks()).isEmpty());
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                System.gc();
                assertThat(host.retired().retired()).isEqualTo(1);
                assertThat(host.retired().pending() + host.retired().leaked()).isZero();
            });
        }
    }

    private static List<String> ofWebhooks() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("drey-webhook-") || name.startsWith("HttpClient-"))
                .toList();
    }
}
