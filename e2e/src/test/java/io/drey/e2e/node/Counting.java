package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.examples.counting.LedgerCheck;
import io.drey.spi.fact.ClusterObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code examples/counting-job} on the node, under the operator that this build made. */
final class Counting {
    static final String NAME = "counting";

    private static final Duration LIMIT = Duration.ofMinutes(6);

    private final Path ledger;

    private Counting(Path ledger) {
        this.ledger = ledger;
    }

    /** A fresh node with the operator and Flink's images. */
    static void installs(String... flink) throws IOException {
        installsWith("", flink);
    }

    /**
     * The same.
     *
     * @param values for the chart, YAML
     */
    static void installsWith(String values, String... flink) throws IOException {
        Node.fresh();
        Node.images(flink);
        Node.install(values);
        kubectl(
                "create",
                "configmap",
                "counting-job",
                "--from-file=counting-job.jar="
                        + Node.repository().resolve("examples/counting-job/target/counting-job.jar"));
    }

    /** Starts it, with some settings of Flink changed. */
    static Counting starts(String flinkVersion, Map<String, String> settings) throws IOException {
        var yaml = Files.readString(Node.repository().resolve("examples/counting-job/counting.yaml"))
                .replace("flink:2.3", "flink:" + flinkVersion)
                .replace("v2_3", "v" + flinkVersion.replace('.', '_'));
        for (var setting : settings.entrySet()) {
            yaml = yaml.replaceFirst(
                    "(?m)^(    " + setting.getKey() + ": ).*$",
                    "    " + setting.getKey() + ": " + setting.getValue().replace("\n", "\n    "));
        }
        Node.apply(yaml).orFail();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> kubectl("get", "pvc", "counting-state", "-o", "jsonpath={.status.phase}")
                        .equals("Bound"));
        var volume = kubectl("get", "pvc", "counting-state", "-o", "jsonpath={.spec.volumeName}");
        var job = new Counting(Path.of(kubectl("get", "pv", volume, "-o", "jsonpath={.spec.hostPath.path}"))
                .resolve("ledger"));
        job.awaitRunning(1);
        return job;
    }

    static JsonNode resource() {
        return Node.json("get", "flinkdep", NAME);
    }

    /** Edits the spec, and says of which generation that is. */
    long edit(String merge) {
        kubectl("patch", "flinkdep", NAME, "--type=merge", "-p", "{\"spec\":" + merge + "}");
        return resource().path("metadata").path("generation").asLong();
    }

    /** Until it runs under this generation of the spec, and no operation is left; not if it is stalled. */
    void awaitRunning(long generation) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .failFast(Counting::failIfStalled)
                .untilAsserted(() -> {
                    var status = resource().path("status");
                    assertThat(status.path("observedGeneration").asLong())
                            .as("%s", status)
                            .isGreaterThanOrEqualTo(generation);
                    assertThat(status.has("operation")).as("%s", status).isFalse();
                    assertThat(status.path("lifecycleState").asText())
                            .as("%s", status)
                            .isEqualTo("STABLE");
                    assertThat(status.path("jobStatus").path("state").asText()).isEqualTo("RUNNING");
                });
    }

    private static void failIfStalled() {
        var resource = resource();
        assertThat(ClusterObjects.condition(resource, "Stalled").path("status").asText())
                .as("%s", resource.path("status"))
                .isNotEqualTo("True");
    }

    /** Until it is suspended: all that it has counted is in the ledger then. */
    void suspends() {
        edit("{\"job\":{\"state\":\"suspended\",\"upgradeMode\":\"savepoint\"}}");
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            var status = resource().path("status");
            assertThat(status.path("lifecycleState").asText()).as("%s", status).isEqualTo("SUSPENDED");
            assertThat(kubectl("get", "pods", "-l", "app=" + NAME, "-o", "name"))
                    .isEmpty();
        });
    }

    /** Until it has committed more than this; each number is there once then, and at every other moment. */
    LedgerCheck.Finding awaitMoreThan(long numbers) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Files.isDirectory(ledger) && ledger().numbers() > numbers);
        var finding = ledger();
        assertThat(finding.faults()).isEmpty();
        return finding;
    }

    LedgerCheck.Finding ledger() {
        try {
            return LedgerCheck.check(ledger);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
