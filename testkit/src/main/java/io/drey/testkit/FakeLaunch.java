package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.fact.JobRequirements.Bounds;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.FakeFlink.Kept;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The launch that a JobManager's Deployment asks for: as {@link FakeDeployer} annotates it, or as Flink itself would read it
 * from its configuration.
 *
 * @param jobId empty for a session cluster
 */
record FakeLaunch(
        Optional<String> jobId,
        Optional<String> savepoint,
        Kept kept,
        boolean allowNonRestored,
        String image,
        Map<String, Bounds> requirements) {

    private static final String FILE = "config.yaml";

    /**
     * Empty while the pod would wait for its configuration.
     *
     * @throws AssertionError when it has that of another launch
     */
    static Optional<FakeLaunch> of(ObjectNode deployment, FakeKubernetes kubernetes) {
        var metadata = deployment.path("metadata");
        if (metadata.path("annotations").has(FakeDeployer.HIGH_AVAILABILITY)) {
            return Optional.of(annotated(metadata.path("annotations")));
        }
        return kubernetes
                .peek(new ObjectKey(
                        "v1",
                        "ConfigMap",
                        metadata.path("namespace").asText(),
                        "flink-config-" + metadata.path("name").asText()))
                .map(map -> {
                    if (!operation(map).equals(operation(deployment))) {
                        throw new AssertionError(
                                ObjectKey.of(deployment) + " runs with the configuration of another launch");
                    }
                    return configured(
                            flat(Simulation.parse(map.path("data").path(FILE).asText())));
                });
    }

    private static String operation(JsonNode object) {
        return object.path("metadata")
                .path("annotations")
                .path("drey.io/operation")
                .asText();
    }

    private static FakeLaunch annotated(JsonNode annotations) {
        Map<String, Integer> overrides = new HashMap<>();
        for (var vertex : FakeFlink.VERTICES) {
            var parallelism = annotations.path(FakeDeployer.OVERRIDES + "-" + vertex);
            if (!parallelism.isMissingNode()) {
                overrides.put(vertex, parallelism.asInt());
            }
        }
        return new FakeLaunch(
                text(annotations.path(FakeDeployer.JOB_ID).asText()),
                text(annotations.path(FakeDeployer.SAVEPOINT).asText()),
                annotations.path(FakeDeployer.HIGH_AVAILABILITY).asBoolean() ? Kept.CONFIG_MAPS : Kept.NOWHERE,
                annotations.path(FakeDeployer.ALLOW_NON_RESTORED).asBoolean(),
                annotations.path(FakeDeployer.IMAGE).asText(),
                requirements(annotations.path(FakeDeployer.PARALLELISM).asInt(1), overrides));
    }

    private static FakeLaunch configured(Map<String, String> config) {
        Map<String, Integer> overrides = new HashMap<>();
        text(config.getOrDefault("pipeline.jobvertex-parallelism-overrides", ""))
                .ifPresent(pairs -> {
                    for (var pair : pairs.split(",")) {
                        var parts = pair.split(":");
                        overrides.put(parts[0].strip(), Integer.parseInt(parts[1].strip()));
                    }
                });
        return new FakeLaunch(
                text(config.getOrDefault("$internal.pipeline.job-id", "")),
                text(config.getOrDefault("execution.state-recovery.path", "")),
                switch (config.getOrDefault("high-availability.type", "none")) {
                    case "kubernetes" -> Kept.CONFIG_MAPS;
                    case "zookeeper" -> Kept.ZOOKEEPER;
                    default -> Kept.NOWHERE;
                },
                Boolean.parseBoolean(config.get("execution.state-recovery.ignore-unclaimed-state")),
                config.getOrDefault("kubernetes.container.image.ref", ""),
                requirements(Integer.parseInt(config.getOrDefault("parallelism.default", "1")), overrides));
    }

    /** As the adaptive scheduler takes a job that is new: from one to its parallelism. */
    private static Map<String, Bounds> requirements(int parallelism, Map<String, Integer> overrides) {
        Map<String, Bounds> requirements = new HashMap<>();
        for (var vertex : FakeFlink.VERTICES) {
            requirements.put(vertex, new Bounds(1, overrides.getOrDefault(vertex, parallelism)));
        }
        return requirements;
    }

    private static Optional<String> text(String value) {
        return Optional.of(value).filter(text -> !text.isEmpty());
    }

    private static Map<String, String> flat(JsonNode tree) {
        Map<String, String> values = new TreeMap<>();
        flatten("", tree, values);
        return values;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(), field.getValue(), into));
        } else {
            into.put(prefix, node.isTextual() ? node.asText() : node.toString());
        }
    }
}
