package io.drey.core.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every path with 200 {@code OK}, or 500 {@code ERROR} and why (S045); and the paths of its pages, which it shows
 * to this machine (in a pod: to the pod) only, and its texts, which it shows to all.
 */
public final class HealthServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final int THREADS = 2;
    private static final int LARGEST = 3 << 19;

    /**
     * What a page says.
     *
     * @param status of HTTP
     * @param json the content
     */
    public record Page(int status, String json) {}

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
            send(exchange, found.isEmpty() ? 200 : 500, found.isEmpty() ? "OK" : "ERROR\n" + String.join("\n", found));
        });
        server.setExecutor(Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().name("drey-health-", 1).daemon().factory()));
    }

    /**
     * Adds a page.
     *
     * @param path that it answers
     * @param page makes the answer, of the parameters of the query
     */
    public void page(String path, Function<Map<String, String>, Page> page) {
        answer(path, exchange -> page.apply(parameters(exchange.getRequestURI().getRawQuery())));
    }

    /**
     * Adds a page about what is posted to it. One at a time, so that the probe is always answered.
     *
     * @param path that it answers
     * @param page makes the answer, of the body, which has at most a megabyte and a half, as an object in Kubernetes
     */
    public void form(String path, Function<byte[], Page> page) {
        var free = new Semaphore(1);
        answer(path, exchange -> {
            if (!exchange.getRequestMethod().equals("POST")) {
                return new Page(405, "\"found " + exchange.getRequestMethod() + ", must be POST\"");
            }
            if (!free.tryAcquire()) {
                return new Page(429, "\"one question at a time: ask again in a moment\"");
            }
            try {
                var body = exchange.getRequestBody().readNBytes(LARGEST + 1);
                return body.length > LARGEST
                        ? new Page(413, "\"found more than " + LARGEST + " bytes, which no API server takes\"")
                        : page.apply(body);
            } finally {
                free.release();
            }
        });
    }

    private interface Answer {
        Page to(HttpExchange exchange) throws IOException;
    }

    private void answer(String path, Answer page) {
        server.createContext(path, exchange -> {
            if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
                send(exchange, 403, "only from within the pod: kubectl exec, or kubectl port-forward");
                return;
            }
            Page answer;
            try {
                answer = page.to(exchange);
            } catch (RuntimeException e) {
                LOG.warn("the page {} could not be made", path, e);
                answer = new Page(500, "\"it could not be made, the operator's log has more\"");
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            send(exchange, answer.status(), answer.json());
        });
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        for (var part : query == null ? new String[0] : query.split("&")) {
            var pair = part.split("=", 2);
            parameters.put(decoded(pair[0]), pair.length == 2 ? decoded(pair[1]) : "");
        }
        return parameters;
    }

    /**
     * Adds a text that anybody may read who reaches the port.
     *
     * @param path that it answers
     * @param type of its content
     */
    public void text(String path, String type, Supplier<String> text) {
        server.createContext(path, exchange -> {
            try {
                var answer = text.get();
                exchange.getResponseHeaders().set("Content-Type", type);
                send(exchange, 200, answer);
            } catch (RuntimeException e) {
                LOG.warn("{} could not be made", path, e);
                send(exchange, 500, "it could not be made, the operator's log has more");
            }
        });
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
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
