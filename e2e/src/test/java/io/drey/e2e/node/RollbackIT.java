package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Edits that break a job that counts exactly once, each in its own way: the last stable spec comes back with its state, and
 * {@code kubectl describe} tells the story. Then what breaks by itself: TaskManagers that are killed, and a leader with a
 * standby; and other parallelism without a restart.
 *
 * <p>Those that are tagged slow are not among the tests of every build: {@code -Dit.test=RollbackIT -DexcludedGroups=none} runs
 * all. What a user would see is in the output.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollbackIT {
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final String OPERATOR = "kubernetes.operator.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Counting job;
    private static JsonNode good;

    @BeforeAll
    static void installs() throws IOException {
        Counting.installs("2.3");
        job = Counting.starts(
                "2.3",
                Map.of(
                        "high-availability.type",
                        "kubernetes\n" + OPERATOR + "deployment.rollback.enabled: \"true\"\n" + OPERATOR
                                + "deployment.readiness.timeout: 90 s\n" + OPERATOR
                                + "deployment.rollback.stability-window: 20 s"));
        job.awaitMoreThan(0);
        good = Counting.resource().path("spec");
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.down();
    }

    /** Whatever became of the test before. */
    @BeforeEach
    void isStable() {
        if (!Counting.resource().path("spec").equals(good)) {
            job.awaitRunning(restoreSpec());
        }
    }

    @Test
    @Order(1)
    @Tag("S200")
    @Tag("slow")
    void s200_an_image_that_is_not_there() {
        rolledBack(
                "an image that is not there",
                "{\"image\":\"flink:not-there\"}",
                "not stable within",
                "flink:not-there");
    }

    @Test
    @Order(2)
    @Tag("slow")
    void a_jar_that_is_not_there() {
        rolledBack(
                "a jar that is not there",
                "{\"job\":{\"jarURI\":\"local:///opt/flink/usrlib/not-there.jar\"}}",
                "",
                "");
    }

    @Test
    @Order(3)
    void a_main_method_that_fails() {
        rolledBack("a main method that fails", "{\"job\":{\"args\":[]}}", "failed", "must be the folder of the ledger");
    }

    /** It runs, completes a checkpoint, and fails when it is told so: what it had counted by then is kept. */
    @Test
    @Order(4)
    @Tag("slow")
    void a_job_that_runs_for_a_moment_again_and_again() {
        rolledBack(
                "a job that runs for a moment, again and again",
                "{\"job\":{\"args\":[\"/proc/ledger\",\"2\"]}}",
                "not stable within",
                "");
        assertThat(events("JobException"))
                .as("what the tasks threw, as Flink's REST API tells it")
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.path("message").asText()).contains("/proc/ledger"));
    }

    @Test
    @Order(5)
    @Tag("slow")
    void task_managers_that_do_not_start() {
        rolledBack(
                "TaskManagers that do not start",
                "{\"taskManager\":{\"podTemplate\":{\"spec\":{\"containers\":"
                        + "[{\"name\":\"sidecar\",\"image\":\"flink:not-there\"}]}}}}",
                "not stable within",
                "TaskManager pod counting-taskmanager");
    }

    /** Another job altogether: there is nobody in it to take the state. */
    @Test
    @Order(6)
    @Tag("slow")
    void state_that_does_not_fit() {
        rolledBack(
                "state that does not fit",
                "{\"job\":{\"jarURI\":\"local:///opt/flink/examples/streaming/StateMachineExample.jar\",\"args\":[]}}",
                "failed",
                "Cannot map checkpoint/savepoint state");
    }

    /** What Flink counts as restarts, by its metrics after real ones. */
    @Test
    @Order(7)
    @Tag("S226")
    void s226_too_many_restarts_get_the_job_a_new_cluster() {
        long generation = job.edit(
                "{\"flinkConfiguration\":{\"" + OPERATOR + "cluster.health-check.enabled\":\"true\",\"" + OPERATOR
                        + "cluster.health-check.restarts.threshold\":\"1\",\"" + OPERATOR
                        + "cluster.health-check.restarts.window\":\"30 min\"}}");
        var launched = deployment();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Counting.resource()
                                .at("/status/clusterInfo/ClusterHealthInfo")
                                .asText())
                        .contains("numRestarts"));

        long kills = 0;
        while (kills < 3 && deployment().equals(launched)) {
            long before = job.ledger().numbers();
            kubectl("delete", "pod", "-l", "app=counting,component=taskmanager", "--force", "--grace-period=0");
            kills++;
            job.awaitMoreThan(before);
        }

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(events("RestartUnhealthyJob")).isNotEmpty());
        await().atMost(LIMIT).until(() -> !List.of("", launched).contains(deployment()));
        job.awaitRunning(generation);
        job.awaitMoreThan(job.ledger().numbers());
        job.edit("{\"flinkConfiguration\":{\"" + OPERATOR + "cluster.health-check.enabled\":\"false\"}}");
        tell("too many restarts");
    }

    @Test
    @Order(8)
    @Tag("slow")
    void a_standby_job_manager_takes_over() {
        long generation = job.edit("{\"jobManager\":{\"replicas\":2}}");
        job.awaitRunning(generation);
        await().atMost(LIMIT).until(() -> jobManagers().size() == 2);
        var launched = deployment();
        var first = jobManagers().get(0);
        var second = jobManagers().get(1);

        for (var pod : List.of(first, second)) {
            kubectl("delete", pod, "--force", "--grace-period=0");
            await().atMost(LIMIT)
                    .until(() -> jobManagers().size() == 2 && !jobManagers().contains(pod));
            job.awaitRunning(generation);
            job.awaitMoreThan(job.ledger().numbers());
        }

        assertThat(deployment()).as("nothing was launched").isEqualTo(launched);
        job.awaitRunning(job.edit("{\"restartNonce\":77}"));
        assertThat(deployment()).isNotEqualTo(launched);
        assertThat(jobManagers()).hasSize(2).doesNotContain(first, second);
        tell("a standby JobManager");
    }

    /** Down and up again: the JobManager, the job and its count go on. */
    @Test
    @Order(9)
    @Tag("S159")
    @Tag("slow")
    void s159_a_vertex_gets_other_parallelism_without_a_restart() {
        job.awaitRunning(job.edit("{\"jobManager\":{\"replicas\":1},\"flinkConfiguration\":{\"jobmanager.scheduler\":"
                + "\"adaptive\"},\"job\":{\"parallelism\":2}}"));
        var launched = deployment();
        var id = jobId();
        var vertex = parallelism().entrySet().stream()
                .filter(entry -> entry.getValue() == 2)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();

        for (int wanted : List.of(1, 2)) {
            long before = job.ledger().numbers();
            job.awaitRunning(job.edit("{\"flinkConfiguration\":{\"pipeline.jobvertex-parallelism-overrides\":\""
                    + vertex + ":" + wanted + "\"}}"));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(parallelism()).containsEntry(vertex, wanted));
            job.awaitMoreThan(before);
        }

        assertThat(deployment()).as("nothing was launched").isEqualTo(launched);
        assertThat(jobId()).isEqualTo(id);
        assertThat(events("Scaling")).isNotEmpty();
        tell("other parallelism");
    }

    @Test
    @Order(10)
    void the_count_is_exact_at_the_end() {
        job.suspends();

        assertThat(job.ledger().faults()).isEmpty();
        assertThat(job.ledger().numbers()).isPositive();
    }

    /**
     * Makes an edit that breaks the job, waits until it is undone, and puts the stable spec back.
     *
     * @param why part of what is told as the reason
     * @param cause part of what is told as its cause
     */
    private static void rolledBack(String what, String edit, String why, String cause) {
        long before = job.ledger().numbers();
        var began = Instant.now().minusSeconds(1);
        long generation = job.edit(edit);

        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            var status = Counting.resource().path("status");
            assertThat(status.at("/reconciliationStatus/state").asText())
                    .as("%s", status)
                    .isEqualTo("ROLLED_BACK");
            assertThat(status.has("operation")).as("%s", status).isFalse();
            assertThat(status.at("/jobStatus/state").asText()).as("%s", status).isEqualTo("RUNNING");
        });
        tell(what);
        job.awaitMoreThan(before);

        var status = Counting.resource().path("status");
        assertThat(status.path("lifecycleState").asText()).isEqualTo("ROLLED_BACK");
        assertThat(condition(status, "Ready")).startsWith("False RolledBack");
        assertThat(condition(status, "Reconciling")).startsWith("False");
        assertThat(condition(status, "Degraded"))
                .as("nothing is wrong with what runs now")
                .isEmpty();
        var rejected = events("RevisionRejected").stream()
                .filter(event -> event.path("message").asText().startsWith("Generation " + generation + " "))
                .findFirst()
                .orElseThrow();
        assertThat(rejected.path("message").asText()).contains(why).contains(cause);
        // The two are told at once, and Kubernetes keeps whole seconds.
        assertThat(order(began))
                .containsSubsequence("SpecChanged", "RevisionRejected")
                .containsSubsequence("SpecChanged", "Rollback");

        var running = deployment();
        long back = restoreSpec();
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            var now = Counting.resource().path("status");
            assertThat(now.path("observedGeneration").asLong()).isEqualTo(back);
            assertThat(now.path("lifecycleState").asText()).as("%s", now).isEqualTo("STABLE");
            assertThat(condition(now, "Ready")).startsWith("True");
        });
        assertThat(deployment()).as("taken as it runs").isEqualTo(running);
    }

    private static long restoreSpec() {
        var patch = JSON.createArrayNode();
        patch.addObject().put("op", "replace").put("path", "/spec").set("value", good);
        kubectl("patch", "flinkdep", Counting.NAME, "--type=json", "-p", patch.toString());
        return Counting.resource().at("/metadata/generation").asLong();
    }

    private static String condition(JsonNode status, String type) {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText() + " "
                        + condition.path("message").asText();
            }
        }
        return "";
    }

    private static String deployment() {
        return kubectl("get", "deploy", Counting.NAME, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}");
    }

    private static String jobId() {
        return Counting.resource().at("/status/jobStatus/jobId").asText();
    }

    /** How many run of each vertex, by its id, as Flink tells it. */
    private static Map<String, Integer> parallelism() {
        Map<String, Integer> parallelism = new TreeMap<>();
        var path = "/api/v1/namespaces/default/services/counting-rest:8081/proxy/jobs/" + jobId();
        try {
            JSON.readTree(kubectl("get", "--raw", path))
                    .path("vertices")
                    .forEach(vertex -> parallelism.put(
                            vertex.path("id").asText(),
                            vertex.path("parallelism").asInt()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parallelism;
    }

    private static List<String> jobManagers() {
        return kubectl("get", "pods", "-l", "app=counting,component=jobmanager", "-o", "name")
                .lines()
                .toList();
    }

    /** Events about the resource, as they were told last. */
    private static List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        Node.json("get", "events", "--field-selector=involvedObject.name=" + Counting.NAME)
                .path("items")
                .forEach(events::add);
        events.removeIf(event -> !event.at("/involvedObject/kind").asText().equals("FlinkDeployment"));
        events.sort(Comparator.comparing(RollbackIT::told));
        return events;
    }

    private static List<JsonNode> events(String reason) {
        return events().stream()
                .filter(event -> event.path("reason").asText().equals(reason))
                .toList();
    }

    /** Reasons of what was told since then, in order. Of one second, as Kubernetes lists them. */
    private static List<String> order(Instant since) {
        return events().stream()
                .filter(event -> !told(event).isBefore(since))
                .map(event -> event.path("reason").asText())
                .toList();
    }

    private static Instant told(JsonNode event) {
        return Optional.of(event.path("lastTimestamp").asText())
                .filter(text -> !text.isEmpty() && !text.equals("null"))
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
    }

    private static void tell(String what) {
        System.out.println("==== " + what);
        System.out.println(kubectl("describe", "flinkdep", Counting.NAME));
        System.out.println(
                "---- " + Counting.resource().at("/status/conditions").toPrettyString());
    }
}
