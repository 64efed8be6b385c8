package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** {@code kubectl wait --for=condition=Ready} on a real node, by what Flink says of the tasks. One story, told in order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReadyIT {
    private static final String NAME = "basic-example";
    private static final String NAMESPACE = "ready";
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    static void installs() throws IOException {
        Node.fresh();
        Node.images("2.3");
        Node.install("");
        Node.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: ready}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {namespace: ready, name: flink}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {namespace: ready, name: flink}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
                subjects: [{kind: ServiceAccount, namespace: ready, name: flink}]
                ---
                apiVersion: v1
                kind: ResourceQuota
                metadata: {namespace: ready, name: one-pod}
                spec: {hard: {pods: "1"}}
                """).orFail();
        Node.apply(Files.readString(Node.repository().resolve("examples/basic.yaml"))
                        .replace("name: " + NAME, "name: " + NAME + "\n  namespace: " + NAMESPACE))
                .orFail();
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.down();
    }

    private static boolean waits(String seconds) {
        return Node.tryKubectl(
                                "wait",
                                "flinkdep/" + NAME,
                                "-n",
                                NAMESPACE,
                                "--for=condition=Ready",
                                "--timeout=" + seconds + "s")
                        .code()
                == 0;
    }

    private static String ready(String field) {
        return kubectl(
                "get",
                "flinkdep",
                NAME,
                "-n",
                NAMESPACE,
                "-o",
                "jsonpath={.status.conditions[?(@.type==\"Ready\")]." + field + "}");
    }

    private static JsonNode tasks() throws IOException {
        var path = "/api/v1/namespaces/" + NAMESPACE + "/services/" + NAME + "-rest:8081/proxy/jobs/overview";
        return JSON.readTree(kubectl("get", "--raw", path)).path("jobs").path(0).path("tasks");
    }

    @Test
    @Order(1)
    void a_job_whose_task_managers_a_quota_forbids_is_not_ready_and_says_so() {
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(ready("reason")).isEqualTo("TaskManagersMissing"));

        assertThat(ready("message")).contains("kubectl describe quota");
        assertThat(kubectl("get", "flinkdep", NAME, "-n", NAMESPACE, "-o", "wide"))
                .contains("TaskManagersMissing");
        assertThat(waits("1")).isFalse();
    }

    @Test
    @Order(2)
    void it_is_ready_when_its_tasks_run_without_an_edit() throws IOException {
        kubectl(
                "patch",
                "quota",
                "one-pod",
                "-n",
                NAMESPACE,
                "--type=merge",
                "-p",
                "{\"spec\":{\"hard\":{\"pods\":\"9\"}}}");

        await().atMost(Duration.ofMinutes(5)).until(() -> waits("60"));

        var tasks = tasks();
        assertThat(tasks.path("running").asInt())
                .isPositive()
                .isEqualTo(tasks.path("total").asInt());
    }

    @Test
    @Order(3)
    void a_job_manager_that_was_scaled_to_no_replicas_is_ready_again_later() throws IOException {
        kubectl("scale", "deployment", NAME, "-n", NAMESPACE, "--replicas=0");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(ready("status")).isEqualTo("False"));

        await().atMost(Duration.ofMinutes(5)).until(() -> waits("60"));
        assertThat(tasks().path("running").asInt()).isPositive();
    }
}
