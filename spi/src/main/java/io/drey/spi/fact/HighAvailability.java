package io.drey.spi.fact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The high-availability config maps of one Flink cluster. Read live and on demand only: Flink rewrites its leader
 * annotation about every five seconds, so nobody watches them.
 *
 * @param configMaps those that Flink wrote, terminating ones included; never the autoscaler's
 */
public record HighAvailability(List<JsonNode> configMaps) {
    /** This fact. */
    public static final FactType<HighAvailability> TYPE = new FactType<>("high-availability", HighAvailability.class);

    public HighAvailability {
        configMaps = List.copyOf(configMaps);
    }
}
