package io.drey.core.flink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drey.spi.plan.FlinkRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP server on loopback that answers what a test says. Its limits: it knows nothing of Flink, so that a test is only
 * as true as the answers in it, which are Flink's own of 1.20 to 2.3.
 */
final class FakeJobManager implements Endpoints, AutoCloseable {
    private record Reply(int code, String body) {}

    private record Endless(String begin, String part, long pauseMillis) {}

    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Map<String, Endless> endless = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicInteger cutOff = new AtomicInteger();
    private volatile boolean hangs;
    private volatile boolean hangsInBody;

    FakeJobManager() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/", exchange -> {
            var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(sent.isEmpty() ? request : request + " " + sent);
            if (hangs) {
                await(closed);
                return;
            }
            if (held.containsKey(request)) {
                await(held.get(request));
            }
            if (endless.containsKey(request)) {
                drip(exchange, endless.get(request));
                return;
            }
            var reply = replies.getOrDefault(
                    request, new Reply(404, "{\"errors\":[\"Not found: " + exchange.getRequestURI() + "\"]}"));
            var body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.code(), hangsInBody ? body.length + 1 : body.length);
            var out = exchange.getResponseBody();
            out.write(body);
            out.flush();
            if (hangsInBody) {
                await(closed);
            }
            out.close();
        });
        server.start();
    }

    private void drip(HttpExchange exchange, Endless answer) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            out.write(answer.begin().getBytes(StandardCharsets.UTF_8));
            var part = answer.part().getBytes(StandardCharsets.UTF_8);
            do {
                out.write(part);
                out.flush();
                sent.addAndGet(part.length);
            } while (!closed.await(answer.pauseMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            cutOff.incrementAndGet();
        }
    }

    /** From now on this request is answered with a beginning and then parts without end. */
    void answersWithoutEnd(String request, String begin, String part, long pauseMillis) {
        endless.put(request, new Endless(begin, part, pauseMillis));
    }

    /** Bytes of answers without end. */
    long sent() {
        return sent.get();
    }

    /** How many of those answers the other side has cut off. */
    int cutOff() {
        return cutOff.get();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on this request is not answered before {@link #releases}. */
    void holds(String request) {
        held.put(request, new CountDownLatch(1));
    }

    /** Answers what was held. */
    void releases() {
        held.values().forEach(CountDownLatch::countDown);
    }

    /** From now on this request is answered so. */
    FakeJobManager answers(String request, int code, String body) {
        replies.put(request, new Reply(code, body));
        return this;
    }

    /** It lists one job. */
    FakeJobManager lists(String jobId, String state) {
        return lists(jobId, state, "{\"running\":2}");
    }

    /** It lists one job with these tasks. */
    FakeJobManager lists(String jobId, String state, String tasks) {
        return answers("GET /jobs/overview", 200, """
            {"jobs":[{"jid":"%s","name":"Top speed","start-time":1700000000000,"end-time":-1,"duration":5,\
            "state":"%s","last-modification":1700000001000,"tasks":%s}]}\
            """.formatted(jobId, state, tasks));
    }

    void hangs(boolean now) {
        hangs = now;
    }

    void hangsInBody(boolean now) {
        hangsInBody = now;
    }

    /** All requests so far, with bodies. */
    List<String> requests() {
        return requests;
    }

    long asked(String request) {
        return requests.stream().filter(request::equals).count();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public Optional<URI> of(FlinkRef flink) {
        return Optional.of(address());
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
