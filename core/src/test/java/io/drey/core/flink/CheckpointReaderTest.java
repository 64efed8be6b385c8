package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.JobCheckpoints.Snapshot;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is known of single jobs' checkpoints, asked for without waiting. */
class CheckpointReaderTest {
    private static final String JOB = "0123456789abcdef0123456789abcdef";
    private static final FlinkRef CLUSTER = new FlinkRef("tests", "job", 8081);
    private static final ResourceRef RESOURCE = new ResourceRef("FlinkDeployment", "tests", "job");

    private final FakeJobManager flink = new FakeJobManager();
    private final FlinkRest rest = new FlinkRest(Duration.ofSeconds(2));
    private final List<ResourceRef> enqueued = new CopyOnWriteArrayList<>();
    private final CheckpointReader reader =
            new CheckpointReader(new Wire(rest, flink, Clock.systemUTC()), (ref, priority) -> enqueued.add(ref));

    @AfterEach
    void close() {
        rest.close();
        flink.close();
    }

    private JobCheckpoints known() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> reader.read(RESOURCE, CLUSTER, JOB).known());
        return reader.read(RESOURCE, CLUSTER, JOB);
    }

    @Test
    void nothing_is_known_at_first_and_the_subscriber_is_told_when_it_is() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, """
                    {"latest":{"completed":{"id":9,"external_path":"s3://c/chk-9","latest_ack_timestamp":1700000000000,"is_savepoint":false},
                    "savepoint":null,"restored":{"id":4,"external_path":"s3://s/4","restore_timestamp":1600000000000,"is_savepoint":true}},
                    "history":[{"id":10,"status":"IN_PROGRESS","trigger_timestamp":1700000001000},{"id":9,"status":"COMPLETED"}]}\
                    """);

        assertThat(reader.read(RESOURCE, CLUSTER, JOB).known()).isFalse();

        var known = known();
        assertThat(known.completed())
                .contains(new Snapshot(9, Optional.of("s3://c/chk-9"), Instant.ofEpochMilli(1700000000000L), false));
        assertThat(known.restored())
                .contains(new Snapshot(4, Optional.of("s3://s/4"), Instant.ofEpochMilli(1600000000000L), true));
        assertThat(known.savepoint()).isEmpty();
        assertThat(known.newest()).isEqualTo(known.completed());
        assertThat(known.pendingSince()).contains(Instant.ofEpochMilli(1700000001000L));
        assertThat(known.ended()).isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> enqueued.equals(List.of(RESOURCE)));
    }

    @Test
    void every_resource_that_has_asked_is_enqueued() {
        var other = new ResourceRef("FlinkStateSnapshot", "tests", "snapshot");
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, "{\"latest\":{}}");
        flink.holds("GET /jobs/" + JOB);
        reader.read(RESOURCE, CLUSTER, JOB);
        reader.read(other, CLUSTER, JOB);

        flink.releases();

        await().atMost(Duration.ofSeconds(10)).until(() -> enqueued.size() == 2);
        assertThat(enqueued).containsExactlyInAnyOrder(RESOURCE, other);
    }

    @Test
    @Tag("S152")
    void a_checkpoint_that_nobody_else_can_read_or_that_is_discarded_has_no_path() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"CANCELED\",\"end-time\":1000,\"now\":4000}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, """
                    {"latest":{"completed":{"id":9,"external_path":"s3://c/chk-9","discarded":true},
                    "restored":{"id":4,"external_path":"<checkpoint-not-externally-addressable>"}}}\
                    """);

        var known = known();

        assertThat(known.ended()).isTrue();
        assertThat(known.newest().orElseThrow().id()).isEqualTo(9);
        assertThat(known.newest().orElseThrow().path()).isEmpty();
        assertThat(known.restored().orElseThrow().path()).isEmpty();
    }

    @Test
    @Tag("S151")
    void s151_a_job_without_checkpointing_is_known_to_have_none() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FINISHED\"}")
                .answers(
                        "GET /jobs/" + JOB + "/checkpoints",
                        404,
                        "{\"errors\":[\"Checkpointing has not been enabled.\"]}");

        assertThat(known().newest()).isEmpty();
        assertThat(known().ended()).isTrue();
    }

    @Test
    void a_job_whose_main_method_failed_is_known_to_have_none() {
        flink.answers(
                        "GET /jobs/" + JOB,
                        200,
                        "{\"state\":\"FAILED\",\"name\":\"(application driver)\",\"start-time\":7}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 404, "{\"errors\":[\"Job could not be found.\"]}");

        assertThat(known().newest()).isEmpty();
        assertThat(known().ended()).isTrue();
    }

    /** As Flink 1.20 answers. */
    @Test
    void a_job_whose_main_method_failed_is_known_to_have_none_also_where_flink_has_no_details_of_it() {
        flink.answers("GET /jobs/" + JOB, 500, "{\"errors\":[\"Internal server error.\",\"NullPointerException\"]}")
                .answers(
                        "GET /jobs/overview",
                        200,
                        "{\"jobs\":[{\"jid\":\"" + JOB
                                + "\",\"name\":\"(application"
                                + " driver)\",\"start-time\":7,\"end-time\":8,\"state\":\"FAILED\"}]}")
                .answers(
                        "GET /jobs/" + JOB + "/checkpoints",
                        404,
                        "{\"errors\":[\"x.RestHandlerException: Checkpointing has not been enabled.\"]}");

        assertThat(known().newest()).isEmpty();
        assertThat(known().ended()).isTrue();
    }

    @Test
    void
            of_a_job_that_has_just_ended_the_last_checkpoint_is_read_when_flink_does_not_answer_with_older_ones_any_more() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FAILED\",\"end-time\":1000,\"now\":1500}")
                .answers("GET /config", 200, "{\"refresh-interval\":1500}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, completed(9));

        reader.read(RESOURCE, CLUSTER, JOB);
        await().atMost(Duration.ofSeconds(10)).until(() -> flink.asked("GET /config") > 0);
        assertThat(reader.read(RESOURCE, CLUSTER, JOB).known()).isFalse();
        flink.answers("GET /jobs/" + JOB + "/checkpoints", 200, completed(10));

        assertThat(known().newest().orElseThrow().id()).isEqualTo(10);
        assertThat(enqueued).as("nobody has to ask again").isNotEmpty();
    }

    @Test
    void of_a_job_that_ended_longer_ago_than_flink_keeps_answers_the_first_one_counts() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FAILED\",\"end-time\":1000,\"now\":61000}")
                .answers("GET /config", 200, "{\"refresh-interval\":60000}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, completed(9));

        assertThat(known().newest().orElseThrow().id()).isEqualTo(9);
        assertThat(flink.asked("GET /jobs/" + JOB + "/checkpoints")).isEqualTo(1);
    }

    private static String completed(long id) {
        return "{\"latest\":{\"completed\":{\"id\":" + id + ",\"external_path\":\"s3://c/chk-" + id + "\"}}}";
    }

    @Test
    void a_job_manager_that_does_not_know_the_job_says_nothing_of_its_checkpoints() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 404, "{\"errors\":[\"Job could not be found.\"]}");

        reader.read(RESOURCE, CLUSTER, JOB);
        await().atMost(Duration.ofSeconds(10)).until(() -> flink.asked("GET /jobs/" + JOB + "/checkpoints") > 0);
        assertThat(reader.read(RESOURCE, CLUSTER, JOB).known()).isFalse();
    }

    @Test
    void an_answer_that_is_not_about_checkpoints_says_nothing() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FAILED\"}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, "{}");
        assertThat(reader.read(RESOURCE, CLUSTER, JOB).known()).isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> flink.asked("GET /jobs/" + JOB + "/checkpoints") > 0);
        assertThat(reader.read(RESOURCE, CLUSTER, JOB).known()).isFalse();
    }

    @Test
    void after_a_refresh_nothing_is_known_again() {
        flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                .answers("GET /jobs/" + JOB + "/checkpoints", 200, "{\"latest\":{}}");
        known();

        reader.refresh(CLUSTER);

        assertThat(reader.read(RESOURCE, CLUSTER, JOB).known()).isFalse();
    }
}
