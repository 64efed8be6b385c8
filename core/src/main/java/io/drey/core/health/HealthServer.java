package io.drey.core.health;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers every path with 200 {@code OK}, or 500 {@code ERROR} and why (S045). */
public final class HealthServer implements AutoCloseable {
    private final HttpServer server;

    /**
     * @param port 0 for any
     * @param problems empty when all is well
     */
    public HealthServer(int port, Supplier<List<String>> problems) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 16);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " of the health probe is taken", e);
        }
        server.createContext("/", exchange -> {
            var found = problems.get();
            var body = (found.isEmpty() ? "OK" : "ERROR\n" + String.join("\n", found)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(found.isEmpty() ? 200 : 500, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.setExecutor(Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("drey-health").daemon().factory()));
    }

    /** Starts to answer. */
    public void start() {
        server.start();
    }

    /** The port. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
