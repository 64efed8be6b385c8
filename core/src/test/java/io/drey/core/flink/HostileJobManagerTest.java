package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.Projection;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JobManagers that answer what Flink never would: each costs its own jobs, and a bounded amount of memory and time. */
@Timeout(120)
class HostileJobManagerTest {
    private static final FlinkRef CLUSTER = new FlinkRef("tests", "hostile", 8081);
    private static final ResourceRef RESOURCE = new ResourceRef("FlinkDeployment", "tests", "hostile");
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final int MEGABYTE = 1 << 20;
    private static final String PATH = "/jobs/abc/exceptions";
    private static final DocumentQuery QUERY =
            DocumentQuery.of(PATH, Duration.ofHours(1), Projection.of("/entries/*/name"));

    private final FakeJobManager flink = new FakeJobManager();
    private final List<ResourceRef> enqueued = new CopyOnWriteArrayList<>();
    private final RestFlinkApi api = new RestFlinkApi(
            new FlinkRest(LIMIT), flink, (ref, priority) -> enqueued.add(ref), Clock.systemUTC(), LIMIT);

    @AfterEach
    void close() {
        api.close();
        flink.close();
    }

    private Document read() {
        return api.document(RESOURCE, CLUSTER, QUERY);
    }

    private void nothingIsHeld() {
        await().atMost(LONG)
                .until(() -> api.counts().underWay() == 0 && api.counts().bytes() == 0);
    }

    @Test
    void of_sixteen_megabytes_of_small_nodes_a_quarter_of_one_is_read() {
        flink.answers(
                "GET " + PATH, 200, "{\"entries\":[{\"name\":\"first\"}," + "{\"a\":1},".repeat(2_000_000) + "{}]}");
        read();
        await().atMost(LONG).until(() -> !enqueued.isEmpty());

        assertThat(read().problem()).isPresent();
        assertThat(read().body()
                        .orElseThrow()
                        .path("entries")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("first");
        assertThat(read().body().orElseThrow().toString()).hasSizeLessThan(64 * 1024 + 100);
        nothingIsHeld();
    }

    @Test
    void an_answer_without_end_is_cut_off() {
        flink.answersWithoutEnd("GET " + PATH, "{\"entries\":[", "{\"name\":\"x\"},".repeat(100), 0);
        read();
        await().atMost(LONG).until(() -> !enqueued.isEmpty());

        assertThat(read().problem()).isPresent();
        await().atMost(LONG).until(() -> flink.cutOff() == 1);
        // The rest is what the sockets had taken by then.
        assertThat(flink.sent()).isLessThan(16 * MEGABYTE);
        nothingIsHeld();
    }

    @Test
    void an_answer_that_drips_ends_with_the_time_of_a_request_and_holds_up_nothing_else() {
        flink.answersWithoutEnd("GET " + PATH, "{\"entries\":[", " ", 50);
        flink.lists("abc", "RUNNING");
        read();
        await().atMost(LONG).until(() -> flink.sent() > 0);

        await().atMost(LONG)
                .until(() -> api.view(RESOURCE, CLUSTER, Optional.empty(), Duration.ofMillis(100))
                                .jobs()
                                .reach()
                        == Reach.SERVING);

        assertThat(read()).isEqualTo(Document.NONE);
        await().atMost(LONG).until(() -> api.counts().unanswered() == 1);
        await().atMost(LONG).until(() -> flink.cutOff() == 1);
        api.forget(RESOURCE);
        nothingIsHeld();
    }

    @Test
    void a_list_of_jobs_without_end_is_no_list_of_jobs() {
        flink.answersWithoutEnd("GET /jobs/overview", "{\"jobs\":[", "{\"jid\":\"x\"},".repeat(1000), 0);
        api.view(RESOURCE, CLUSTER, Optional.empty(), Duration.ofHours(1));
        await().atMost(LONG).until(() -> !enqueued.isEmpty());

        assertThat(api.view(RESOURCE, CLUSTER, Optional.empty(), Duration.ofHours(1))
                        .jobs()
                        .jobs())
                .isEmpty();
        await().atMost(LONG).until(() -> flink.cutOff() >= 1);
        nothingIsHeld();
    }

    @Test
    void requests_are_counted_by_status() {
        flink.lists("abc", "RUNNING").answers("GET /overview", 200, "{}").answers("GET /config", 404, "{}");
        api.view(RESOURCE, CLUSTER, Optional.empty(), Duration.ofHours(1));

        await().atMost(LONG).until(() -> api.counts().requests().getOrDefault(404, 0L) == 1);
        await().atMost(LONG).until(() -> api.counts().requests().getOrDefault(200, 0L) == 2);
        assertThat(api.polls().clusters()).isEqualTo(1);
        assertThat(api.counts().lookups()).isEqualTo(1);
    }
}
