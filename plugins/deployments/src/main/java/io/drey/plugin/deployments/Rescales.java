package io.drey.plugin.deployments;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rescales of the job that runs which did not come to their end.
 *
 * @param refused the generation of a spec that Flink did not rescale the job to
 * @param asked parallelism by vertex that Flink may have been told, and that no spec records as deployed
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
record Rescales(Optional<Long> refused, Map<String, Integer> asked) {
    static final Rescales NONE = new Rescales(Optional.empty(), Map.of());

    Rescales {
        refused = refused == null ? Optional.empty() : refused;
        asked = asked == null ? Map.of() : new TreeMap<>(asked);
    }

    Rescales withRefused(long generation) {
        return new Rescales(Optional.of(generation), asked);
    }

    Rescales withAsked(Map<String, Integer> more) {
        var all = new TreeMap<>(asked);
        all.putAll(more);
        return new Rescales(refused, all);
    }
}
