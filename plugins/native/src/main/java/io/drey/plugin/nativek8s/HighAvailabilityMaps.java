package io.drey.plugin.nativek8s;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.HighAvailability;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The config maps in which Flink keeps high-availability metadata: how they are known, and what is in them. */
final class HighAvailabilityMaps {
    private static final Set<String> JOB_GRAPHS = Set.of("jobGraph-", "executionPlan-", "application-");

    private HighAvailabilityMaps() {}

    /**
     * Whether this is one; Flink's configuration and the autoscaler's state carry the same labels. The name of a cluster may
     * begin or end like any of them, so only the whole name counts.
     */
    static boolean isOne(JsonNode configMap) {
        var metadata = configMap.path("metadata");
        var labels = metadata.path("labels");
        var name = metadata.path("name").asText();
        var cluster = labels.path("app").asText();
        return !labels.path("component").asText().equals("autoscaler")
                && !name.equals("flink-config-" + cluster)
                && !name.equals("pod-template-" + cluster)
                && (labels.path("configmap-type").asText().equals("high-availability")
                        || name.endsWith("-config-map")
                        || name.endsWith("-leader"));
    }

    /** Whether a checkpoint is named in one that stays. */
    static boolean haveCheckpoint(HighAvailability metadata) {
        return metadata.configMaps().stream()
                .filter(map -> isOne(map) && !isTerminating(map))
                .flatMap(map -> keys(map.path("data")).stream())
                .anyMatch(key -> key.startsWith("checkpointID-"));
    }

    static boolean isTerminating(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    /** Keys under which a job as it was submitted is kept; it would win over the one that is launched. */
    static Set<String> jobGraphs(JsonNode configMap) {
        return keys(configMap.path("data")).stream()
                .filter(key -> JOB_GRAPHS.stream().anyMatch(key::startsWith))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> keys(JsonNode data) {
        Iterable<String> names = data::fieldNames;
        return StreamSupport.stream(names.spliterator(), false).collect(toCollection(TreeSet::new));
    }
}
