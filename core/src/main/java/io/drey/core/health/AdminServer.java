package io.drey.core.health;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the administration pages on the loopback address, which {@code kubectl exec} and {@code kubectl port-forward}
 * reach and other pods do not.
 *
 * <p>The pages run decisions with the operator's rights, and show specs of all tenants. The client's address proves
 * nothing on a socket that is bound to all addresses: behind a sidecar proxy every client has a loopback address.
 *
 * <p>Each request has a platform thread of its own, since a page may call plugins.
 */
public final class AdminServer implements AutoCloseable {
    /** The key of its port. */
    public static final String PORT_KEY = "drey.admin.port";

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int LARGEST = 3 << 19;

    /**
     * A response.
     *
     * @param status of HTTP
     * @param json the content
     */
    public record Page(int status, String json) {}

    private interface Answer {
        Page to(HttpExchange exchange) throws IOException;
    }

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("drey-admin-", 1).daemon().factory());
    private final HttpSocket socket;

    /** @param port 0 for any */
    public AdminServer(int port) {
        socket = new HttpSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PORT_KEY, threads);
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
     * Adds a page about posted content. It answers one request at a time.
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

    private void answer(String path, Answer page) {
        socket.on(path, exchange -> {
            Page answer;
            try {
                answer = page.to(exchange);
            } catch (RuntimeException e) {
                LOG.warn("the page {} could not be rendered", path, e);
                answer = new Page(500, "\"it could not be rendered, the operator's log has more\"");
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            HttpSocket.send(exchange, answer.status(), answer.json());
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

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
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
