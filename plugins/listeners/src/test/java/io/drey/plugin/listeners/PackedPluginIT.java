package io.drey.plugin.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.drey.core.generation.FeatureSet;
import io.drey.spi.plan.Event;
import io.drey.testkit.plugin.PluginContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;

/** With a webhook at work: it sends from threads of its own, and they end with it. */
class PackedPluginIT extends PluginContract {
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server = start();

    private HttpServer start() {
        try {
            var started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            started.createContext("/", exchange -> {
                requests.incrementAndGet();
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            started.start();
            return started;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stop() {
        server.stop(0);
    }

    @Override
    protected List<String> contributes() {
        return List.of("Listener AuditLog", "Listener Webhooks");
    }

    @Override
    protected String configuration() {
        return "webhooks: [{url: 'http://localhost:" + server.getAddress().getPort() + "'}]";
    }

    @Override
    protected void use(FeatureSet features) {
        int before = requests.get();
        features.listeners().forEach(listener -> listener.onReport(Reports.of(Event.normal("Job", "Submit", "Go"))));

        await().until(() -> requests.get() > before);
        assertThat(threads()).anyMatch(name -> name.startsWith("drey-webhook-"));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}
