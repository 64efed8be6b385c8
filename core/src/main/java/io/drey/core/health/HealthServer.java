package io.drey.core.health;

import io.drey.spi.config.OperatorKeys;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the probe: every path with 200 {@code OK}, or with 500 {@code ERROR} and the problems. Paths that were added
 * as texts answer with these, for everybody who reaches the port.
 *
 * <p>Each request has a virtual thread of its own, so that slow clients cannot keep the probe from answering. No code of
 * a plugin may run here.
 */
public final class HealthServer implements AutoCloseable {
    /** The key of its port. */
    public static final String PORT_KEY = OperatorKeys.HEALTH_PORT.name();

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("drey-health-", 1).factory());
    private final HttpSocket socket;

    /**
     * @param port 0 for any
     * @param problems empty when all is well
     */
    public HealthServer(int port, Supplier<List<String>> problems) {
        socket = new HttpSocket(new InetSocketAddress(port), PORT_KEY, threads);
        socket.on("/", exchange -> {
            var found = problems.get();
            HttpSocket.send(
                    exchange,
                    found.isEmpty() ? 200 : 500,
                    found.isEmpty() ? "OK" : "ERROR\n" + String.join("\n", found));
        });
    }

    /**
     * Adds a text that everybody may read who reaches the port.
     *
     * @param path that it answers
     * @param type of its content
     */
    public void text(String path, String type, Supplier<String> text) {
        socket.on(path, exchange -> {
            try {
                var answer = text.get();
                exchange.getResponseHeaders().set("Content-Type", type);
                HttpSocket.send(exchange, 200, answer);
            } catch (RuntimeException e) {
                LOG.warn("{} could not be rendered", path, e);
                HttpSocket.send(exchange, 500, "it could not be rendered, the operator's log has more");
            }
        });
    }

    /** Starts to answer. */
    public void start() {
        socket.start();
    }

    /** The port. */
    public int port() {
        return socket.port();
    }

    @Override
    public void close() {
        socket.close();
        threads.shutdownNow();
    }
}
