package io.drey.core.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A listening socket that closes the connection of a client that does not send its request, or does not read its
 * response, within a time limit.
 */
final class HttpSocket implements AutoCloseable {
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(30);
    private static final int BACKLOG = 64;

    static {
        // The JDK's server has no other way to set these, and reads them when the first one is created.
        System.setProperty("sun.net.httpserver.maxReqTime", Long.toString(REQUEST_LIMIT.toSeconds()));
        System.setProperty("sun.net.httpserver.maxRspTime", Long.toString(RESPONSE_LIMIT.toSeconds()));
    }

    private final HttpServer server;

    /** @param key of the configuration that chooses the port */
    HttpSocket(InetSocketAddress address, String key, Executor executor) {
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    key + ": port " + address.getPort() + " is taken. Choose another one, or stop its owner", e);
        }
        server.setExecutor(executor);
    }

    void on(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    static void send(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
