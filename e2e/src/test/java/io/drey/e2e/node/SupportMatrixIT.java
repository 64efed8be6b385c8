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
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One job with each version of Flink: started, upgraded with a savepoint, upgraded from high-availability metadata, rescaled,
 * and deleted. What it restored is by Flink's own account. {@code -Dit.test=SupportMatrixIT -DexcludedGroups=none} runs it;
 * the output ends with a table.
 */
@Tag("slow")
class SupportMatrixIT {
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final String NAME = "versions";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TABLE = new ArrayList<>();

    @BeforeAll
    static void installs() throws IOException {
        Node.fresh();
        Node.images();
        Node.install("");
        Node.apply("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: versions-state}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """).orFail();
    }

    @AfterAll
    static void leavesNothingBehind() {
        System.out.println("| Flink | start | savepoint | last-state | rescale | delete |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        TABLE.forEach(System.out::println);
        Node.down();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.16", "1.17", "1.18", "1.19", "1.20", "2.0", "2.1", "2.2", "2.3"})
    void a_job_is_upgraded_rescaled_and_deleted(String version) {
        Node.images(version);
        boolean inPlace = !List.of("1.16", "1.17").contains(version);

        var start = Instant.now();
        Node.apply(resource(version, inPlace)).orFail();
        awaitRunning();
        var started = since(start);

        long before = awaitCheckpoint();
        var savepoint = upgraded("\"restartNonce\":1");
        var restored = checkpoints().at("/latest/restored");
        assertThat(restored.path("is_savepoint").asBoolean()).as("%s", restored).isTrue();
        assertThat(restored.path("id").asLong()).isGreaterThan(before);

        before = awaitCheckpoint();
        var lastState = upgraded("\"restartNonce\":2,\"job\":{\"upgradeMode\":\"last-state\"}");
        restored = checkpoints().at("/latest/restored");
        assertThat(restored.path("is_savepoint").asBoolean()).as("%s", restored).isFalse();
        assertThat(restored.path("id").asLong()).isGreaterThanOrEqualTo(before);

        before = awaitCheckpoint();
        var deployment = deployment();
        var rescaled = upgraded("\"job\":{\"parallelism\":2}");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(parallelism()).containsOnly(2));
        assertThat(deployment().equals(deployment)).as("in place").isEqualTo(inPlace);
        assertThat(checkpoints().at("/latest/restored/id").asLong()).isGreaterThanOrEqualTo(before);

        var delete = Instant.now();
        kubectl("delete", "flinkdep", NAME, "--timeout=120s");
        var deleted = since(delete);
        assertThat(kubectl("get", "deploy,svc,cm,pods", "-l", "app=" + NAME, "-o", "name"))
                .isEmpty();
        TABLE.add("| " + String.join(" | ", version, started, savepoint, lastState, rescaled, deleted) + " |");
    }

    private static String resource(String version, boolean adaptive) {
        boolean old = version.startsWith("1.");
        return """
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {name: versions}
                spec:
                  image: flink:%1$s
                  flinkVersion: v%2$s
                  serviceAccount: flink
                  flinkConfiguration:
                    %3$s: file:///state/%1$s/checkpoints
                    %4$s: file:///state/%1$s/savepoints
                    %5$s: kubernetes
                    high-availability.storageDir: file:///state/%1$s/high-availability
                    execution.checkpointing.interval: 2s
                    jobmanager.scheduler: %6$s
                    taskmanager.numberOfTaskSlots: "2"
                  podTemplate:
                    spec:
                      containers:
                        - {name: flink-main-container, volumeMounts: [{name: state, mountPath: /state}]}
                      volumes: [{name: state, persistentVolumeClaim: {claimName: versions-state}}]
                  jobManager: {resource: {cpu: 0.2, memory: 1Gi}}
                  taskManager: {resource: {cpu: 0.2, memory: 1Gi}}
                  job:
                    jarURI: local:///opt/flink/examples/streaming/StateMachineExample.jar
                    parallelism: 1
                    upgradeMode: savepoint
                """.formatted(
                        version,
                        version.replace('.', '_'),
                        old ? "state.checkpoints.dir" : "execution.checkpointing.dir",
                        old ? "state.savepoints.dir" : "execution.checkpointing.savepoint-dir",
                        old ? "high-availability" : "high-availability.type",
                        adaptive ? "adaptive" : "default");
    }

    /** Edits the spec and waits until the job runs under it. */
    private static String upgraded(String merge) {
        var begin = Instant.now();
        kubectl("patch", "flinkdep", NAME, "--type=merge", "-p", "{\"spec\":{" + merge + "}}");
        awaitRunning();
        return since(begin);
    }

    private static void awaitRunning() {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            var resource = Node.json("get", "flinkdep", NAME);
            var status = resource.path("status");
            var ready = StreamSupport.stream(status.path("conditions").spliterator(), false)
                    .filter(condition -> condition.path("type").asText().equals("Ready"))
                    .findFirst();
            assertThat(status.path("observedGeneration").asLong())
                    .as("%s", status)
                    .isEqualTo(resource.at("/metadata/generation").asLong());
            assertThat(status.has("operation")).as("%s", status).isFalse();
            assertThat(ready.map(condition -> condition.path("status").asText()))
                    .as("%s", status)
                    .contains("True");
        });
    }

    private static String since(Instant begin) {
        return "%.0f s".formatted(Duration.between(begin, Instant.now()).toMillis() / 1000.0);
    }

    /** The number of a checkpoint that the job that runs now has completed. */
    private static long awaitCheckpoint() {
        await().atMost(LIMIT)
                .until(() -> checkpoints().at("/latest/completed/id").isNumber());
        return checkpoints().at("/latest/completed/id").asLong();
    }

    private static JsonNode checkpoints() {
        return flink("/checkpoints");
    }

    private static List<Integer> parallelism() {
        return StreamSupport.stream(flink("").path("vertices").spliterator(), false)
                .map(vertex -> vertex.path("parallelism").asInt())
                .toList();
    }

    private static JsonNode flink(String path) {
        var job = kubectl("get", "flinkdep", NAME, "-o", "jsonpath={.status.jobStatus.jobId}");
        try {
            return JSON.readTree(kubectl(
                    "get",
                    "--raw",
                    "/api/v1/namespaces/default/services/" + NAME + "-rest:8081/proxy/jobs/" + job + path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String deployment() {
        return kubectl("get", "deploy", NAME, "-o", "jsonpath={.metadata.uid}");
    }
}
