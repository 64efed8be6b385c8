package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.fact.Projection;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers to single paths, asked for without waiting, again and again. */
class DocumentReaderTest {
    private static final String PATH = "/jobs/abc/exceptions?maxExceptions=20";
    private static final FlinkRef CLUSTER = new FlinkRef("tests", "job", 8081);
    private static final ResourceRef RESOURCE = new ResourceRef("FlinkDeployment", "tests", "job");
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Projection ENTRIES = Projection.of("/entries");
    private static final DocumentQuery QUERY = DocumentQuery.of(PATH, EVERY, ENTRIES);
    private static final Duration LONG = Duration.ofSeconds(20);

    private volatile Duration later = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(later);
    private final FakeJobManager flink = new FakeJobManager();
    private final FlinkRest rest = new FlinkRest(Duration.ofSeconds(2));
    private final List<ResourceRef> enqueued = new CopyOnWriteArrayList<>();
    private final DocumentReader reader = new DocumentReader(
            new Wire(rest, flink, clock.withZone(ZoneOffset.UTC)), (ref, priority) -> enqueued.add(ref));

    @AfterEach
    void close() {
        reader.close();
        rest.close();
        flink.close();
    }

    private Document read() {
        return reader.read(RESOURCE, CLUSTER, QUERY);
    }

    @Test
    void it_is_asked_again_and_whoever_wants_it_is_told_only_when_the_answer_changes() {
        flink.answers("GET " + PATH, 200, "{\"entries\":1}");

        assertThat(read()).isEqualTo(Document.NONE);
        await().atMost(LONG).until(() -> flink.asked("GET " + PATH) >= 3);
        assertThat(read().body().orElseThrow().path("entries").asInt()).isEqualTo(1);
        assertThat(enqueued).containsExactly(RESOURCE);

        flink.answers("GET " + PATH, 200, "{\"entries\":2}");
        await().atMost(LONG).until(() -> enqueued.size() == 2);
        assertThat(read().body().orElseThrow().path("entries").asInt()).isEqualTo(2);
    }

    @Test
    void an_answer_that_is_none_leaves_what_was_known() {
        flink.answers("GET " + PATH, 200, "{\"entries\":1}");
        read();
        await().atMost(LONG).until(() -> read().body().isPresent());
        long asked = flink.asked("GET " + PATH);

        flink.answers("GET " + PATH, 500, "{\"errors\":[\"broken\"]}");
        await().atMost(LONG).until(() -> flink.asked("GET " + PATH) >= asked + 2);

        assertThat(read().body().orElseThrow().path("entries").asInt()).isEqualTo(1);
    }

    @Test
    void after_a_refresh_nothing_is_known_and_after_a_forget_nobody_asks() {
        flink.answers("GET " + PATH, 200, "{}");
        read();
        await().atMost(LONG).until(() -> read().body().isPresent());

        reader.refresh(CLUSTER);
        assertThat(read()).isEqualTo(Document.NONE);
        await().atMost(LONG).until(() -> read().body().isPresent());

        reader.forget(RESOURCE);
        assertThat(read()).isEqualTo(Document.NONE);
    }

    @Test
    void who_wanted_an_answer_each_second_is_taken_to_have_lost_interest_after_a_minute() {
        assertThat(DocumentReader.wantedFor(Duration.ofSeconds(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(DocumentReader.wantedFor(Duration.ofSeconds(30))).isEqualTo(Duration.ofMinutes(7));
    }

    private void readOfJobs(int first, int last) {
        for (int job = first; job <= last; job++) {
            reader.read(RESOURCE, CLUSTER, DocumentQuery.of("/jobs/" + job + "/exceptions", EVERY, ENTRIES));
        }
    }

    @Test
    void jobs_that_a_resource_has_lost_interest_in_leave_nothing_behind() {
        readOfJobs(1, 5);
        assertThat(reader.wanted(RESOURCE)).isEqualTo(5);

        later = Duration.ofMinutes(2);
        readOfJobs(5, 6);

        await().atMost(LONG).until(() -> reader.wanted(RESOURCE) == 2);
    }

    @Test
    void jobs_from_before_a_refresh_leave_nothing_behind() {
        readOfJobs(1, 5);

        reader.refresh(CLUSTER);
        readOfJobs(6, 6);

        assertThat(reader.wanted(RESOURCE)).isEqualTo(1);
    }

    @Test
    void equal_queries_of_two_resources_are_one_request_and_both_are_enqueued() {
        var other = new ResourceRef("FlinkSessionJob", "tests", "other");
        var seldom = DocumentQuery.of(PATH, Duration.ofHours(1), ENTRIES);
        flink.answers("GET " + PATH, 200, "{\"entries\":1}");
        flink.holds("GET " + PATH);
        reader.read(RESOURCE, CLUSTER, seldom);
        reader.read(other, CLUSTER, seldom);

        flink.releases();

        await().atMost(LONG).until(() -> enqueued.size() == 2);
        assertThat(enqueued).containsExactlyInAnyOrder(RESOURCE, other);
        assertThat(flink.asked("GET " + PATH)).isEqualTo(1);
        reader.forget(RESOURCE);
        assertThat(reader.read(other, CLUSTER, seldom).body()).isPresent();
    }

    @Test
    void what_happens_to_the_job_of_a_path_is_asked_for_at_once() {
        var seldom = DocumentQuery.of(PATH, Duration.ofHours(1), ENTRIES);
        flink.answers("GET " + PATH, 200, "{\"entries\":1}");
        reader.read(RESOURCE, CLUSTER, seldom);
        await().atMost(LONG).until(() -> enqueued.size() == 1);

        flink.answers("GET " + PATH, 200, "{\"entries\":2}");
        reader.moved(CLUSTER, Set.of("another"));
        reader.moved(CLUSTER, Set.of("abc"));

        await().atMost(LONG).until(() -> enqueued.size() == 2);
        assertThat(flink.asked("GET " + PATH)).isEqualTo(2);
    }

    @Test
    void of_an_answer_that_is_too_large_the_beginning_is_kept_and_the_problem_is_told_once() {
        var small = new DocumentQuery(PATH, EVERY, 1000, Projection.of("/entries/*/name"));
        flink.answers("GET " + PATH, 200, "{\"entries\":[{\"name\":\"first\"}," + "{\"x\":1},".repeat(10_000) + "{}]}");
        reader.read(RESOURCE, CLUSTER, small);
        await().atMost(LONG).until(() -> flink.asked("GET " + PATH) >= 3);

        var document = reader.read(RESOURCE, CLUSTER, small);
        assertThat(document.body()
                        .orElseThrow()
                        .path("entries")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("first");
        assertThat(document.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains(PATH, "1000 bytes"));
        assertThat(enqueued).containsExactly(RESOURCE);
    }
}
