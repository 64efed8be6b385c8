package io.drey.spi.fact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The high-availability config maps of one Flink cluster. Read live and on demand only: Flink rewrites its leader
 * annotation about every five seconds, so nobody watches them.
 *
 * @param configMaps those that Flink wrote, terminating ones included; never the autoscaler's
 */
public record HighAvailability(List<JsonNode> configMaps) implements RecoverableJobs {
    /** This fact. */
    public static final FactType<HighAvailability> TYPE = new FactType<>("high-availability", HighAvailability.class);

    /** In front of a checkpoint's id, among the keys of a job's config map. */
    private static final String CHECKPOINT = "checkpointID-";

    public HighAvailability {
        configMaps = List.copyOf(configMaps);
    }

    @Override
    public boolean knows(String jobId) {
        return of(jobId).findAny().isPresent();
    }

    @Override
    public OptionalLong newestCheckpoint(String jobId) {
        return of(jobId).flatMapToLong(HighAvailability::checkpoints).max();
    }

    private Stream<JsonNode> of(String jobId) {
        return configMaps.stream().filter(map -> {
            var metadata = map.path("metadata");
            var name = metadata.path("name").asText();
            return !metadata.has("deletionTimestamp")
                    && (name.endsWith("-" + jobId + "-config-map")
                            || name.endsWith("-" + jobId + "-jobmanager-leader"));
        });
    }

    private static LongStream checkpoints(JsonNode configMap) {
        Iterable<String> keys = () -> configMap.path("data").fieldNames();
        return StreamSupport.stream(keys.spliterator(), false)
                .filter(key -> key.startsWith(CHECKPOINT))
                .map(key -> key.substring(CHECKPOINT.length()))
                .filter(id -> id.matches("\\d{1,19}"))
                .mapToLong(Long::parseLong);
    }
}
