package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static io.drey.e2e.node.Node.tryKubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The quick start on a real node with real Flink, and then what a user does next: edit, suspend, resume, break things,
 * delete. One story, told in order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickStartIT {
    private static final String NAME = "basic-example";
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration STEADY = Duration.ofSeconds(Long.getLong("drey.steady.seconds", 60));
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    static void installs() throws IOException {
        Node.run(Duration.ofMinutes(2), "quickstart", "down");
        Node.fresh();
        Node.run(Duration.ofMinutes(20), "kube/flink-image", "1.20").orFail();
        Node.run(Duration.ofMinutes(30), "quickstart", "--archive", Node.archive())
                .orFail();
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.run(Duration.ofMinutes(3), "quickstart", "down");
        Node.down();
    }

    private static JsonNode resource() {
        return Node.json("get", "flinkdep", NAME);
    }

    private static void patch(String merge) {
        kubectl("patch", "flinkdep", NAME, "--type=merge", "-p", merge);
    }

    private static JsonNode awaitStable(long generation) {
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            var status = resource().path("status");
            assertThat(status.path("observedGeneration").asLong())
                    .as("%s", status)
                    .isGreaterThanOrEqualTo(generation);
            assertThat(status.path("lifecycleState").asText()).as("%s", status).isEqualTo("STABLE");
            assertThat(status.path("jobStatus").path("state").asText()).isEqualTo("RUNNING");
        });
        return resource();
    }

    private static long generation() {
        return resource().path("metadata").path("generation").asLong();
    }

    private static List<String> jobManagers() {
        return List.of(kubectl("get", "pods", "-l", "app=" + NAME + ",component=jobmanager", "-o", "name")
                .split("\\R"));
    }

    /** How often the operator created the JobManager Deployment, by the API server's own log. */
    private static long launches() throws IOException {
        return audit().stream()
                .filter(entry -> entry.path("verb").asText().equals("create")
                        && entry.path("objectRef").path("resource").asText().equals("deployments")
                        && entry.path("objectRef").path("name").asText().equals(NAME)
                        && entry.path("responseStatus").path("code").asInt() == 201)
                .count();
    }

    private static List<JsonNode> audit() throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        for (var line : Files.readAllLines(Path.of("/var/lib/drey-kube/audit.log"))) {
            entries.add(JSON.readTree(line));
        }
        return entries;
    }

    private static long writesOfTheOperator() throws IOException {
        return audit().stream()
                .filter(entry -> entry.path("user").path("username").asText().endsWith(":flink-operator"))
                .count();
    }

    @Test
    @Order(1)
    void the_quick_start_ends_with_the_job_running_on_flink_2_3() {
        var status = awaitStable(1).path("status");

        assertThat(status.path("jobManagerDeploymentStatus").asText()).isEqualTo("READY");
        assertThat(status.path("clusterInfo").path("flink-version").asText()).startsWith("2.3");
        assertThat(jobManagers()).hasSize(1);
    }

    @Test
    @Order(2)
    @Tag("S021")
    void s021_steady_state_of_three_resources_writes_nothing() throws Exception {
        var second = "second-example";
        var session = "basic-session-example";
        var examples = Node.repository().resolve("examples");
        Node.apply(Files.readString(examples.resolve("basic.yaml")).replace(NAME, second))
                .orFail();
        Node.apply(Files.readString(examples.resolve("basic-session.yaml"))).orFail();
        awaitStable(1);
        for (var name : List.of(second, session)) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(
                                    kubectl("get", "flinkdep", name, "-o", "jsonpath={.status.lifecycleState}"))
                            .isEqualTo("STABLE"));
        }
        // A TaskManager takes up to half a minute to register, and TaskManagers are counted every half minute.
        await().atMost(LIMIT).until(() -> quietFor(Duration.ofSeconds(75)));

        assertThat(quietFor(STEADY)).as("no write within %s", STEADY).isTrue();
        kubectl("delete", "flinkdep", second, session, "--timeout=120s");
    }

    /** Whether the operator wrote nothing for so long, by the API server's log: what does not happen has no event to wait for. */
    private static boolean quietFor(Duration time) throws IOException {
        long before = writesOfTheOperator();
        var until = System.nanoTime() + time.toNanos();
        await().atMost(time.plusMinutes(1))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> writesOfTheOperator() != before || System.nanoTime() > until);
        return writesOfTheOperator() == before;
    }

    @Test
    @Order(3)
    void malformed_edits_name_the_field_and_leave_the_job_alone() {
        var refused = List.of(
                List.of("{\"spec\":{\"flinkVersion\":\"v9_9\"}}", "flinkVersion"),
                List.of("{\"spec\":{\"job\":{\"upgradeMode\":\"sometimes\"}}}", "upgradeMode"),
                List.of("{\"spec\":{\"jobManager\":{\"replicas\":0}}}", "jobManager.replicas"),
                List.of("{\"spec\":{\"taskManager\":{\"replicas\":0}}}", "taskManager.replicas"));
        for (var edit : refused) {
            var answer = tryKubectl("patch", "flinkdep", NAME, "--type=merge", "-p", edit.get(0));
            assertThat(answer.code()).as(edit.get(0)).isNotZero();
            assertThat(answer.output()).contains(edit.get(1));
        }
        var noticed = List.of(
                List.of("{\"spec\":{\"job\":{\"jarURI\":null}}}", "spec.job.jarURI"),
                List.of("{\"spec\":{\"job\":{\"parallelism\":0}}}", "spec.job.parallelism"),
                List.of("{\"spec\":{\"job\":{\"parallelism\":-1}}}", "spec.job.parallelism"),
                List.of("{\"spec\":{\"serviceAccount\":null}}", "spec.serviceAccount"),
                List.of("{\"spec\":{\"jobManager\":{\"resources\":{\"requests\":{\"memory\":\"a lot\"}}}}}", "memory"),
                List.of(
                        "{\"spec\":{\"flinkConfiguration\":{\"kubernetes.cluster-id\":\"other\"}}}",
                        "kubernetes.cluster-id"),
                List.of("{\"spec\":{\"logConfiguration\":{\"log5j.properties\":\"x\"}}}", "logConfiguration"));
        var good = resource().path("spec");
        var deployment = kubectl("get", "deploy", NAME, "-o", "jsonpath={.metadata.uid}");
        for (var edit : noticed) {
            var answer = tryKubectl("patch", "flinkdep", NAME, "--type=merge", "-p", edit.get(0));
            if (answer.code() != 0) {
                assertThat(answer.output())
                        .contains(edit.get(1).substring(edit.get(1).lastIndexOf('.') + 1));
                continue;
            }
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                var status = resource().path("status");
                assertThat(status.path("error").asText()).as(edit.get(0)).contains(edit.get(1));
                assertThat(status.path("jobStatus").path("state").asText()).isEqualTo("RUNNING");
            });
            replaceSpec(good);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    resource().path("status").path("error").asText())
                            .isEmpty());
        }
        assertThat(kubectl("get", "deploy", NAME, "-o", "jsonpath={.metadata.uid}"))
                .isEqualTo(deployment);
        assertThat(kubectl("get", "events", "--field-selector=reason=ValidationError"))
                .contains(NAME);
    }

    private static void replaceSpec(JsonNode spec) {
        var operation = JSON.createArrayNode();
        operation.addObject().put("op", "replace").put("path", "/spec").set("value", spec);
        kubectl("patch", "flinkdep", NAME, "--type=json", "-p", operation.toString());
    }

    @Test
    @Order(4)
    @Tag("S111")
    void s111_an_edit_of_parallelism_is_one_new_launch() throws Exception {
        long before = launches();
        var jobId = resource().path("status").path("jobStatus").path("jobId").asText();

        patch("{\"spec\":{\"job\":{\"parallelism\":2}}}");

        var status = awaitStable(generation()).path("status");
        assertThat(status.path("jobStatus").path("jobId").asText()).isNotEqualTo(jobId);
        assertThat(launches()).isEqualTo(before + 1);
    }

    @Test
    @Order(5)
    void an_edit_of_image_and_version_goes_to_flink_1_20() {
        patch("{\"spec\":{\"image\":\"flink:1.20\",\"flinkVersion\":\"v1_20\",\"job\":{\"parallelism\":1}}}");

        awaitStable(generation());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(resource()
                                .path("status")
                                .path("clusterInfo")
                                .path("flink-version")
                                .asText())
                        .startsWith("1.20"));
    }

    @Test
    @Order(6)
    @Tag("S133")
    @Tag("S168")
    void s133_suspend_leaves_no_cluster_and_resume_starts_one() {
        patch("{\"spec\":{\"job\":{\"state\":\"suspended\"}}}");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(resource().path("status").path("lifecycleState").asText())
                    .isEqualTo("SUSPENDED");
            assertThat(kubectl("get", "deploy,pods", "-l", "app=" + NAME, "-o", "name"))
                    .isEmpty();
        });

        patch("{\"spec\":{\"job\":{\"state\":\"running\"}}}");
        awaitStable(generation());
    }

    @Test
    @Order(7)
    @Tag("S081")
    void s081_kill_9_of_the_operator_at_random_moments_launches_nothing_twice() throws Exception {
        long before = launches();
        // The seed is in the message of every assertion below.
        long seed = System.nanoTime();
        var random = new Random(seed);
        int edits = 3;
        for (int i = 0; i < edits; i++) {
            patch("{\"spec\":{\"restartNonce\":" + (100 + i) + "}}");
            var pause =
                    System.nanoTime() + Duration.ofMillis(random.nextInt(4000)).toNanos();
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> System.nanoTime() > pause);
            kubectl("delete", "pod", "-l", "app.kubernetes.io/name=drey", "--force", "--grace-period=0");
            awaitStable(generation());
        }

        assertThat(launches()).as("seed %d", seed).isEqualTo(before + edits);
        assertThat(jobManagers()).as("seed %d", seed).hasSize(1);
    }

    @Test
    @Order(8)
    @Tag("S181")
    void s181_delete_leaves_nothing_behind() {
        kubectl("delete", "flinkdep", NAME, "--timeout=120s");

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                kubectl("get", "deploy,pods,services,configmaps", "-l", "app=" + NAME, "-o", "name"))
                        .isEmpty());
    }
}
