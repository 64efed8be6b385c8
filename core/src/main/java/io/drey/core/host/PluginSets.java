package io.drey.core.host;

import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.InForce;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.FeaturePolicy.Decided;
import io.drey.spi.FeaturePolicy.Policy;
import io.drey.spi.FeaturePolicy.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The sets of plugins of one generation, and what of them is in force for whom. Each combination of a set and features
 * that are off is put together once. Thread-safe.
 */
final class PluginSets {
    private final List<Contributed> platformPlugins;
    private final FeatureSet platform;
    private final Map<String, List<Contributed>> others;
    private final Optional<FeaturePolicy> policy;
    private final Map<Choice, FeatureSet> built = new ConcurrentHashMap<>();

    private record Choice(Optional<String> set, Set<String> off) {}

    /** @param others by name */
    PluginSets(
            List<Contributed> platformPlugins,
            FeatureSet platform,
            Map<String, List<Contributed>> others,
            Optional<FeaturePolicy> policy) {
        this.platformPlugins = List.copyOf(platformPlugins);
        this.platform = platform;
        this.others = Map.copyOf(others);
        this.policy = policy;
    }

    FeatureSet platform() {
        return platform;
    }

    boolean readsNamespaceLabels() {
        return policy.map(FeaturePolicy::readsNamespaceLabels).orElse(false);
    }

    InForce inForce(Subject subject) {
        if (policy.isEmpty()) {
            return new InForce(platform, Policy.NONE);
        }
        var decided = policy.get().policy(subject);
        var off = decided.features().stream()
                .filter(feature -> !feature.on())
                .map(Decided::feature)
                .collect(Collectors.toUnmodifiableSet());
        var features = decided.set().isEmpty() && off.isEmpty()
                ? platform
                : built.computeIfAbsent(new Choice(decided.set(), off), this::build);
        return new InForce(features, decided);
    }

    private FeatureSet build(Choice choice) {
        var plugins = choice.set().map(this::set).orElse(platformPlugins);
        var assembly = new Assembly();
        plugins.forEach(plugin -> assembly.add(plugin.without(choice.off())));
        return assembly.build().forEverybody(platform);
    }

    private List<Contributed> set(String name) {
        var set = others.get(name);
        if (set == null) {
            throw new IllegalStateException("the feature policy chose the set '" + name + "', which it did not name");
        }
        return set;
    }
}
