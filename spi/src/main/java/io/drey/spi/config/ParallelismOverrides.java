package io.drey.spi.config;

import io.drey.spi.resource.FlinkSpec;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Parallelism that single vertices of a job have of their own. */
public final class ParallelismOverrides {
    /** The key in Flink's configuration. */
    public static final String NAME = "pipeline.jobvertex-parallelism-overrides";

    private static final ConfigKey<Map<String, Integer>> KEY = new ConfigKey<>(
            NAME,
            List.of(),
            Map.of(),
            "vertex:parallelism pairs with a comma between",
            text -> parallelism(FlinkMap.parse(text)));

    private ParallelismOverrides() {}

    /**
     * Parallelism by vertex id, from the key itself or, as Flink does, from keys that begin with it.
     *
     * @throws BadConfig when it is no such map
     */
    public static Map<String, Integer> of(FlinkConfig config) {
        if (config.get(NAME).isPresent()) {
            return config.get(KEY);
        }
        var prefix = NAME + ".";
        Map<String, String> pairs = new TreeMap<>();
        config.values().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                pairs.put(key.substring(prefix.length()), value);
            }
        });
        try {
            return parallelism(pairs);
        } catch (IllegalArgumentException e) {
            throw new BadConfig(NAME, pairs.toString(), KEY.allowed());
        }
    }

    /**
     * Parallelism by vertex id, of a spec.
     *
     * @throws BadConfig when it is no such map
     */
    public static Map<String, Integer> of(FlinkSpec spec) {
        return of(new FlinkConfig(spec.flinkConfiguration().flatten()));
    }

    private static Map<String, Integer> parallelism(Map<String, String> pairs) {
        Map<String, Integer> parallelism = new TreeMap<>();
        pairs.forEach((vertex, text) -> {
            int value = Integer.parseInt(text.strip());
            if (value < 1) {
                throw new IllegalArgumentException(text);
            }
            parallelism.put(vertex, value);
        });
        return Collections.unmodifiableMap(parallelism);
    }
}
