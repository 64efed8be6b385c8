package io.drey.plugin.listeners;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drey.spi.Listener;
import io.drey.spi.plan.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real HTTP server that answers as each test has it. */
@Timeout(60)
class WebhooksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A request as it arrived. */
    private record Request(HttpExchange exchange, byte[] body) {
        String header(String name) {
            return String.valueOf(exchange.getRequestHeaders().getFirst(name));
        }

        String message() {
            try {
                return JSON.readTree(body).path("message").asText();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @FunctionalInterface
    private interface Answering {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Webhooks> opened = new ArrayList<>();
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private final ExecutorService serverThreads = Executors.newCachedThreadPool();
    private volatile Answering answering = status(204);
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serverThreads);
        server.createContext("/", exchange -> {
            requests.add(new Request(exchange, exchange.getRequestBody().readAllBytes()));
            try {
                answering.answer(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        opened.forEach(Webhooks::close);
        server.stop(0);
        serverThreads.shutdownNow();
    }

    private static Answering status(int status) {
        return exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        };
    }

    /** These, one after the other, and then 204. */
    private Answering statuses(int... statuses) {
        return exchange -> status(requests.size() <= statuses.length ? statuses[requests.size() - 1] : 204)
                .answer(exchange);
    }

    private String settings(String more) {
        return "{\"webhooks\": [{\"name\": \"test\", \"url\": \"http://localhost:"
                + server.getAddress().getPort() + "/drey\", \"retryLimit\": \"20 ms\"" + more + "}]}";
    }

    private Webhooks webhooks(String more) throws IOException {
        var webhooks = new Webhooks(ListenersConfig.of(JSON.readTree(settings(more))), new Random(), Clock.systemUTC());
        opened.add(webhooks);
        return webhooks;
    }

    private static void tell(Listener listener, String... messages) {
        for (var message : messages) {
            listener.onReport(Reports.of(Event.normal("Job", "Submit", message)));
        }
    }

    private void awaitMessages(String... messages) {
        await().untilAsserted(
                        () -> assertThat(requests).extracting(Request::message).containsExactly(messages));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("drey-webhook-")
                        || thread.getName().startsWith("HttpClient-"))
                .toList();
    }

    @Test
    void an_event_is_posted_as_json() throws IOException {
        tell(webhooks(""), "Starting deployment");

        awaitMessages("Starting deployment");
        var request = requests.getFirst();
        assertThat(request.exchange().getRequestMethod()).isEqualTo("POST");
        assertThat(request.exchange().getRequestURI().getPath()).isEqualTo("/drey");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header("X-Drey-Event")).isEqualTo("normal");
        assertThat(request.header("X-Drey-Delivery"))
                .isEqualTo(JSON.readTree(request.body()).path("id").asText());
        assertThat(request.exchange().getRequestHeaders()).doesNotContainKeys("X-drey-signature-256", "Authorization");
    }

    @Test
    void events_arrive_in_their_order() throws IOException {
        tell(webhooks(""), "1", "2", "3", "4", "5");

        awaitMessages("1", "2", "3", "4", "5");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void what_may_work_later_is_tried_again_before_the_next(int status) throws IOException {
        answering = statuses(status, status);

        tell(webhooks(""), "1", "2");

        awaitMessages("1", "1", "1", "2");
        assertThat(requests.subList(0, 3))
                .extracting(request -> request.header("X-Drey-Delivery"))
                .containsOnly(requests.getFirst().header("X-Drey-Delivery"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 302})
    void what_will_never_work_is_dropped_and_the_next_goes_on(int status) throws IOException {
        answering = statuses(status);

        tell(webhooks(""), "1", "2");

        awaitMessages("1", "2");
    }

    @Test
    void a_redirect_is_not_followed() throws IOException {
        answering = exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            status(307).answer(exchange);
        };

        tell(webhooks(""), "1", "2");

        awaitMessages("1", "2");
        assertThat(requests)
                .extracting(request -> request.exchange().getRequestURI().getPath())
                .containsOnly("/drey");
    }

    @Test
    void attempts_have_an_end() throws IOException {
        answering = statuses(503, 503, 503);

        tell(webhooks(", \"attempts\": 3"), "1", "2");

        awaitMessages("1", "1", "1", "2");
    }

    @Test
    void what_the_endpoint_asks_to_wait_is_bounded_by_the_limit() throws IOException {
        answering = exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "86400");
            statuses(503).answer(exchange);
        };

        tell(webhooks(""), "1");

        awaitMessages("1", "1");
    }

    @Test
    void an_endpoint_that_is_not_there_gets_events_when_it_is() throws IOException {
        var port = server.getAddress().getPort();
        var webhooks = webhooks(", \"attempts\": 100");
        server.stop(0);

        tell(webhooks, "1");
        await().until(() -> threads().stream().anyMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            requests.add(new Request(exchange, exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();

        awaitMessages("1");
    }

    @Test
    void an_endpoint_that_never_answers_costs_the_time_out() throws IOException {
        answering = exchange -> {
            if (requests.size() == 1) {
                testEnds.await();
            }
            status(204).answer(exchange);
        };

        tell(webhooks(", \"timeout\": \"200 ms\""), "1", "2");

        awaitMessages("1", "1", "2");
    }

    @Test
    void an_answer_that_never_ends_costs_the_time_out() throws IOException {
        answering = exchange -> {
            if (requests.size() == 1) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('.');
                exchange.getResponseBody().flush();
                testEnds.await();
            }
            status(204).answer(exchange);
        };

        tell(webhooks(", \"timeout\": \"200 ms\""), "1", "2");

        awaitMessages("1", "1", "2");
    }

    @Test
    void a_full_queue_loses_its_oldest_and_holds_up_nobody() throws IOException {
        var goOn = new CountDownLatch(1);
        answering = exchange -> {
            goOn.await();
            status(204).answer(exchange);
        };
        var webhooks = webhooks(", \"queue\": 2");

        tell(webhooks, "1");
        awaitMessages("1");
        tell(webhooks, "2", "3", "4", "5", "6");
        goOn.countDown();

        awaitMessages("1", "5", "6");
    }

    @Test
    void one_endpoint_that_hangs_does_not_hold_up_another() throws IOException {
        var url = "http://localhost:" + server.getAddress().getPort();
        answering = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/hangs")) {
                testEnds.await();
            }
            status(204).answer(exchange);
        };
        var webhooks = new Webhooks(
                ListenersConfig.of(JSON.readTree("{\"webhooks\": [{\"name\": \"a\", \"url\": \"" + url
                        + "/hangs\"}, {\"name\": \"b\", \"url\": \"" + url + "/works\"}]}")),
                new Random(),
                Clock.systemUTC());
        opened.add(webhooks);

        tell(webhooks, "1", "2", "3");

        await().untilAsserted(() -> assertThat(requests)
                .filteredOn(
                        request -> request.exchange().getRequestURI().getPath().equals("/works"))
                .extracting(Request::message)
                .containsExactly("1", "2", "3"));
    }

    @Test
    void each_body_is_signed_with_the_secret_that_is_in_the_file_then() throws Exception {
        var file = mount("..1", "first");
        var webhooks = webhooks(", \"signatureSecretFile\": \"" + file + "\"");

        tell(webhooks, "1");
        awaitMessages("1");
        mount("..2", "second");
        tell(webhooks, "2");
        awaitMessages("1", "2");

        assertThat(requests.get(0).header("X-Drey-Signature-256")).isEqualTo(signature("first", requests.get(0)));
        assertThat(requests.get(1).header("X-Drey-Signature-256")).isEqualTo(signature("second", requests.get(1)));
    }

    @Test
    void the_authorization_is_what_is_in_the_file_then() throws Exception {
        var file = mount("..1", "Bearer first");
        var webhooks = webhooks(", \"authorizationFile\": \"" + file + "\"");

        tell(webhooks, "1");
        awaitMessages("1");
        mount("..2", "Bearer second");
        tell(webhooks, "2");
        awaitMessages("1", "2");

        assertThat(requests)
                .extracting(request -> request.header("Authorization"))
                .containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void a_secret_that_is_gone_for_a_while_is_waited_for() throws Exception {
        var file = mount("..1", "first");
        var webhooks = webhooks(", \"attempts\": 100, \"signatureSecretFile\": \"" + file + "\"");
        Files.delete(folder.resolve("..data"));

        tell(webhooks, "1");
        await().until(() -> threads().stream().anyMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        assertThat(requests).isEmpty();
        mount("..2", "second");

        awaitMessages("1");
        assertThat(requests.getFirst().header("X-Drey-Signature-256"))
                .isEqualTo(signature("second", requests.getFirst()));
    }

    /** As the kubelet does it: a folder, a link to it, and a link through that. */
    private Path mount(String version, String secret) throws IOException {
        Files.createDirectory(folder.resolve(version));
        Files.writeString(folder.resolve(version).resolve("secret"), secret + "\n");
        var next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var file = folder.resolve("secret");
        return Files.isSymbolicLink(file) ? file : Files.createSymbolicLink(file, Path.of("..data/secret"));
    }

    private static String signature(String secret, Request request) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        var text = new StringBuilder("sha256=");
        for (byte part : mac.doFinal(request.body())) {
            text.append(String.format("%02x", part));
        }
        return text.toString();
    }

    @Test
    void nothing_runs_before_there_is_something_to_send_and_nothing_after_it_is_closed() throws IOException {
        var webhooks = webhooks("");
        assertThat(threads()).isEmpty();

        tell(webhooks, "1");
        awaitMessages("1");
        assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
        webhooks.close();

        await().untilAsserted(() -> assertThat(threads()).isEmpty());
        tell(webhooks, "2");
        assertThat(threads()).isEmpty();
    }

    @Test
    void closing_sends_what_waits_once_more() throws Exception {
        var goOn = new CountDownLatch(1);
        answering = exchange -> {
            goOn.await();
            status(requests.size() == 1 ? 503 : 204).answer(exchange);
        };
        var webhooks = webhooks("");
        tell(webhooks, "1", "2", "3");
        awaitMessages("1");

        var closing = Thread.ofPlatform().start(webhooks::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        goOn.countDown();
        closing.join();

        awaitMessages("1", "2", "3");
    }

    @Test
    void closing_does_not_wait_for_an_endpoint_that_hangs() throws IOException {
        answering = exchange -> testEnds.await();
        var webhooks = webhooks(", \"timeout\": \"1 h\"");
        tell(webhooks, "1", "2");
        awaitMessages("1");

        webhooks.close();

        assertThat(threads()).noneMatch(thread -> thread.getName().startsWith("drey-webhook-"));
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void the_plugin_lists_it_with_its_configuration() throws IOException {
        var context = new TestContext(JSON.readTree(settings("")), JSON, Clock.systemUTC());
        var injector = Guice.createInjector(
                binder -> binder.bind(Clock.class).toInstance(context.clock()), new ListenersPlugin().module(context));

        var listeners = injector.getInstance(Key.get(new TypeLiteral<Set<Listener>>() {}));

        opened.add(injector.getInstance(Webhooks.class));
        assertThat(listeners).hasSize(2);
        listeners.forEach(listener -> tell(listener, "1"));
        awaitMessages("1");
    }
}
