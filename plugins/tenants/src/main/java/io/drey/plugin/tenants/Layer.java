package io.drey.plugin.tenants;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plugin.Section;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one layer says: the platform, a tenant, a namespace.
 *
 * @param features on or off, by name
 * @param locked features that no nearer layer decides otherwise
 * @param defaults of Flink's configuration
 * @param lockedKeys of the defaults, that no nearer layer overrides
 */
record Layer(Map<String, Boolean> features, Set<String> locked, FlinkConfig defaults, Set<String> lockedKeys) {
    /** Says nothing. */
    static final Layer NONE = new Layer(Map.of(), Set.of(), FlinkConfig.EMPTY, Set.of());

    static Layer read(Section section) {
        Map<String, Boolean> features = new LinkedHashMap<>();
        section.map("features").forEach((feature, text) -> {
            switch (text) {
                case "on", "true" -> features.put(feature, true);
                case "off", "false" -> features.put(feature, false);
                default -> section.problem("features." + feature, "found '" + text + "', must be on or off");
            }
        });
        var locked = Set.copyOf(section.texts("lockedFeatures"));
        locked.stream()
                .filter(feature -> !features.containsKey(feature))
                .forEach(feature -> section.problem(
                        "lockedFeatures", "'" + feature + "' has no value here: add it to features, on or off"));
        var defaults = new FlinkConfig(section.map("flinkConfiguration"));
        var lockedKeys = Set.copyOf(section.texts("lockedKeys"));
        lockedKeys.stream()
                .filter(key -> defaults.get(key).isEmpty())
                .forEach(key ->
                        section.problem("lockedKeys", "'" + key + "' has no value here: add it to flinkConfiguration"));
        return new Layer(features, locked, defaults, lockedKeys);
    }

    FlinkConfig lockedDefaults() {
        return defaults.filter(lockedKeys::contains);
    }
}
