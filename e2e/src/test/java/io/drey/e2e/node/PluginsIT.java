package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.e2e.plugin.OutsideBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * examples/custom-plugin comes, is replaced and goes while a Flink job runs: by files in the mounted volume, and nothing
 * else. One story, told in order; neither the operator nor the job notices.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PluginsIT {
    private static final String JOB = "house-job";
    private static final String REFUSED = "nobodys";
    private static final Duration AT_WORK_WITHIN = Duration.ofSeconds(2);

    @TempDir
    private static Path folder;

    private static Path project;
    private static Path first;
    private static Path second;
    private static Path volume;
    private static long loaders;
    private static Running before;

    /** All that must stay as it is. */
    private record Running(List<String> pods, String jobId, String startTime) {}

    /** A line of the operator's log. */
    private record Line(Instant at, String text) {}

    @BeforeAll
    static void installs() throws IOException {
        var outside = OutsideBuild.in(folder);
        project = outside.example("custom-plugin");
        first = built(outside, "1.0.0");
        second = built(outside, "2.0.0");

        Node.fresh();
        Node.images("2.3");
        Node.apply("""
                        apiVersion: v1
                        kind: PersistentVolumeClaim
                        metadata: {name: drey-plugins}
                        spec:
                          accessModes: [ReadWriteOnce]
                          resources: {requests: {storage: 1Gi}}
                        """).orFail();
        Node.install("plugins: {volume: {persistentVolumeClaim: {claimName: drey-plugins}}}");
        var claimed = kubectl("get", "pvc", "drey-plugins", "-o", "jsonpath={.spec.volumeName}");
        volume = Path.of(kubectl("get", "pv", claimed, "-o", "jsonpath={.spec.hostPath.path}"));
        Node.apply(job()).orFail();
        awaitRunning();
        before = running();
        loaders = histogram("io.drey.core.host.PluginLoader");
    }

    private static Path built(OutsideBuild outside, String version) throws IOException {
        outside.maven(project, "package", "-Drevision=" + version);
        return Files.copy(project.resolve("target/custom-plugin.jar"), folder.resolve(version + ".jar"));
    }

    private static String job() throws IOException {
        return Files.readString(project.resolve("job.yaml"))
                .replace("name: " + REFUSED, "name: " + JOB + "\n  labels: {team: orders, cost-center: '42'}");
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.down();
    }

    private static JsonNode resource(String name) {
        return Node.json("get", "flinkdep", name);
    }

    private static void awaitRunning() {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    var status = resource(JOB).path("status");
                    assertThat(status.path("lifecycleState").asText())
                            .as("%s", status)
                            .isEqualTo("STABLE");
                    assertThat(status.path("jobStatus").path("state").asText()).isEqualTo("RUNNING");
                    assertThat(running().pods())
                            .as("operator, JobManager, TaskManager")
                            .hasSize(3)
                            .allMatch(pod -> pod.endsWith("restarts 0"));
                });
    }

    /** Pods of the operator and of the job by uid, with their restarts, and the job by Flink's id. */
    private static Running running() {
        var pods = Node.json("get", "pods").path("items");
        var jobStatus = resource(JOB).path("status").path("jobStatus");
        return new Running(
                StreamSupport.stream(pods.spliterator(), false)
                        .filter(pod -> ours(pod.path("metadata").path("labels")))
                        .map(pod -> pod.path("metadata").path("name").asText() + " "
                                + pod.path("metadata").path("uid").asText() + " restarts "
                                + pod.path("status")
                                        .path("containerStatuses")
                                        .path(0)
                                        .path("restartCount")
                                        .asInt(-1))
                        .sorted()
                        .toList(),
                jobStatus.path("jobId").asText(),
                jobStatus.path("startTime").asText());
    }

    private static boolean ours(JsonNode labels) {
        return labels.path("app").asText().equals(JOB)
                || labels.path("app.kubernetes.io/name").asText().equals("drey");
    }

    private static void nobodyNoticed() {
        assertThat(running()).isEqualTo(before);
    }

    /** Puts a file where it counts, in one step. */
    private static Instant drop(Path jar) throws IOException {
        var copy = Files.copy(jar, volume.resolve(".new"), StandardCopyOption.REPLACE_EXISTING);
        var now = Instant.now();
        Files.move(copy, volume.resolve("custom-plugin.jar"), StandardCopyOption.ATOMIC_MOVE);
        return now;
    }

    /** The operator says this within two seconds, by the time of its log. */
    private static void saidInTime(String text, Instant since) {
        await().atMost(Duration.ofSeconds(30)).until(() -> find(text, since).isPresent());
        assertThat(Duration.between(since, find(text, since).orElseThrow().at()))
                .as(text)
                .isLessThanOrEqualTo(AT_WORK_WITHIN);
    }

    private static Optional<Line> find(String text, Instant since) {
        return kubectl("logs", "deployment/drey", "--timestamps", "--since=10m")
                .lines()
                .filter(line -> line.matches("\\d{4}-\\S+Z .*"))
                .map(line -> new Line(
                        Instant.parse(line.substring(0, line.indexOf(' '))), line.substring(line.indexOf(' ') + 1)))
                .filter(line -> line.text().contains(text) && !line.at().isBefore(since))
                .findFirst();
    }

    /** Objects of classes whose name begins so, which are reachable in the operator, by the JVM's own count. */
    private static long histogram(String prefix) {
        var uid = Node.json("get", "pods", "-l", "app.kubernetes.io/name=drey")
                .path("items")
                .path(0)
                .path("metadata")
                .path("uid")
                .asText();
        var process = ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").contains("/opt/drey/lib/drey.jar"))
                .filter(each -> inPod(each.pid(), uid))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of pod " + uid));
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return Node.run(Duration.ofMinutes(1), jcmd, String.valueOf(process.pid()), "GC.class_histogram")
                .orFail()
                .output()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length > 3 && columns[3].startsWith(prefix))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }

    private static boolean inPod(long pid, String uid) {
        try {
            var groups = Files.readString(Path.of("/proc/" + pid + "/cgroup"));
            return groups.contains(uid) || groups.contains(uid.replace('-', '_'));
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitLoaders(long expected) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertThat(histogram("io.drey.core.host.PluginLoader")).isEqualTo(expected));
    }

    private static void awaitRefused(String label) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var status = resource(REFUSED).path("status");
            assertThat(status.path("error").asText()).contains("metadata.labels." + label + ": It is missing");
            assertThat(status.path("conditions"))
                    .filteredOn(condition -> condition.path("type").asText().equals("Stalled"))
                    .singleElement()
                    .satisfies(stalled -> {
                        assertThat(stalled.path("status").asText()).isEqualTo("True");
                        assertThat(stalled.path("reason").asText()).isEqualTo("ValidationError");
                        assertThat(stalled.path("message").asText()).contains("metadata.labels." + label);
                    });
        });
        assertThat(kubectl(
                        "get",
                        "events",
                        "--field-selector=reason=ValidationError,involvedObject.name=" + REFUSED,
                        "-o",
                        "jsonpath={.items[*].message}"))
                .contains("metadata.labels." + label);
        assertThat(kubectl("get", "deployments", REFUSED, "--ignore-not-found", "-o", "name"))
                .isEmpty();
    }

    @Test
    @Order(1)
    void a_jar_that_is_copied_into_the_volume_is_at_work_within_two_seconds() throws Exception {
        var copied = drop(first);

        saidInTime("plugins at work: custom 1.0.0", copied);
        awaitLoaders(loaders + 1);
        nobodyNoticed();
    }

    @Test
    @Order(2)
    void its_rule_refuses_a_resource() {
        kubectl("apply", "-f", project.resolve("job.yaml").toString());

        awaitRefused("team");
        nobodyNoticed();
    }

    @Test
    @Order(3)
    void the_next_version_replaces_it_and_its_rule_holds() throws Exception {
        var copied = drop(second);

        saidInTime("plugins at work: custom 2.0.0", copied);
        awaitRefused("cost-center");
        kubectl("label", "flinkdep", REFUSED, "team=orders");
        awaitRefused("cost-center");
        assertThat(find("plugin custom 1.0.0 is unloaded", copied)).isPresent();
        awaitLoaders(loaders + 1);
        nobodyNoticed();
    }

    @Test
    @Order(4)
    void what_is_removed_is_unloaded_and_nothing_of_it_is_left_in_memory() throws Exception {
        kubectl("delete", "flinkdep", REFUSED, "--timeout=60s");
        var removed = Instant.now();
        Files.delete(volume.resolve("custom-plugin.jar"));

        saidInTime("plugin custom 2.0.0 is unloaded", removed);
        awaitLoaders(loaders);
        assertThat(histogram("com.example.custom.")).isZero();
        nobodyNoticed();
    }
}
