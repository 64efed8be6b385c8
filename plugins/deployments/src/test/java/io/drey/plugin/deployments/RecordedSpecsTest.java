package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Specs as the Apache operator records them, one feature a folder: none starts anything when Drey takes over. Inputs:
 * {@code in-resource.yaml}, {@code in-recorded.json} ({@code lastReconciledSpec}), and where there are any,
 * {@code in-status.yaml} (laid over the status) and {@code in-config-map.yaml} (of the autoscaler).
 */
class RecordedSpecsTest {
    private static final Path FOLDERS = Path.of("src/test/resources/recorded");
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");
    private static final Set<String> FILES =
            Set.of("in-resource.yaml", "in-recorded.json", "in-status.yaml", "in-config-map.yaml");

    private final Simulation sim = new Simulation(
            new FeatureSets()
                    .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                    .deployer(new FakeDeployer())
                    .build(),
            new FlinkConfig(Map.of()));

    static List<Path> cases() throws IOException {
        try (var folders = Files.list(FOLDERS)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Tag("S052")
    void nothing_starts_when_the_operator_is_switched(Path folder) throws IOException {
        takenOver(folder);
        int launched = sim.cluster().started().size();
        int told = sim.kubernetes().events().size();

        for (int passes = 0; passes < 5; passes++) {
            sim.step(REF, Duration.ofSeconds(10));
            assertThat(sim.status(REF).has("operation"))
                    .as("%s", sim.status(REF).path("operation"))
                    .isFalse();
        }

        assertThat(sim.cluster().started()).hasSize(launched);
        assertThat(sim.kubernetes().events().stream()
                        .skip(told)
                        .map(Event::reason)
                        .filter(reason -> !reason.equals("NotSupportedYet")))
                .isEmpty();
        assertThat(sim.status(REF).at("/reconciliationStatus/lastReconciledSpec"))
                .as("left as it is")
                .isEqualTo(recorded(folder));
        settled();
    }

    /** In steady state nothing is written or read from the API server. */
    private void settled() {
        var status = sim.status(REF);
        int reads = sim.kubernetes().liveReads();
        sim.step(REF, Duration.ofSeconds(10));
        assertThat(sim.status(REF)).isEqualTo(status);
        assertThat(sim.kubernetes().liveReads()).isEqualTo(reads);
    }

    /** A cluster that runs, with the status that the other operator has left. */
    private void takenOver(Path folder) throws IOException {
        var files = files(folder);
        sim.apply(Files.readString(folder.resolve("in-resource.yaml")));
        sim.converge(REF);
        if (files.contains("in-config-map.yaml")) {
            sim.kubernetes().put((ObjectNode) Simulation.parse(Files.readString(folder.resolve("in-config-map.yaml"))));
        }
        var key = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
        var resource = (ObjectNode) sim.kubernetes().peek(key).orElseThrow();
        var status = resource.withObject("/status");
        status.remove(List.of("conditions", "plugins"));
        status.put("observedGeneration", resource.at("/metadata/generation").asLong());
        var reconciliation = status.withObject("/reconciliationStatus").put("state", "DEPLOYED");
        reconciliation.set("lastReconciledSpec", recorded(folder));
        reconciliation.set("lastStableSpec", recorded(folder));
        if (files.contains("in-status.yaml")) {
            merge(status, Simulation.parse(Files.readString(folder.resolve("in-status.yaml"))));
        }
        sim.kubernetes().put(resource);
        sim.restart();
    }

    private static void merge(ObjectNode into, JsonNode over) {
        for (var field : over.properties()) {
            if (field.getValue().isObject()) {
                merge(into.withObject("/" + field.getKey()), field.getValue());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private static Set<String> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            var names = new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
            assertThat(FILES).as("files that are read").containsAll(names);
            return names;
        }
    }

    private static JsonNode recorded(Path folder) throws IOException {
        var mapper = new ObjectMapper();
        return mapper.getNodeFactory()
                .textNode(mapper.readTree(folder.resolve("in-recorded.json").toFile())
                        .toString());
    }
}
