package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * CPU and memory of a JobManager or TaskManager. Deprecated in favour of {@link ResourceRequirements}, which win where they have any quantity.
 *
 * @param cpu in cores
 * @param memory in Flink's or Kubernetes' notation: {@code 2048m}, {@code 2Gi}
 * @param ephemeralStorage in Kubernetes' notation
 * @param unknown fields that this version does not know, kept to be written back
 */
public record Resource(
        Optional<Double> cpu,
        Optional<String> memory,
        Optional<String> ephemeralStorage,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public Resource {
        unknown = Copies.of(unknown);
    }
}
