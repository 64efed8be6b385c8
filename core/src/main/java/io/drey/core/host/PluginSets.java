package io.drey.core.host;

import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.InForce;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.FeaturePolicy.Decided;
import io.drey.spi.FeaturePolicy.Policy;
import io.drey.spi.FeaturePolicy.Subject;
import io.drey.spi.plugin.Feature;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sets of plugins of one generation, and what of them is in force for whom. Each combination of a set and features
 * that are off is put together once. Thread-safe.
 */
final class PluginSets {
    private static final String PLATFORM = "platform";

    private final List<Contributed> platformPlugins;
    private final Set<String> platformNames;
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
        this.platformNames = named(this.platformPlugins);
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
        var known = names(decided.set());
        // A user may write any name into an annotation, and each set that is built stays.
        var off = decided.features().stream()
                .filter(feature -> !feature.on())
                .map(Decided::feature)
                .filter(known::contains)
                .collect(Collectors.toUnmodifiableSet());
        var features = decided.set().isEmpty() && off.isEmpty()
                ? platform
                : built.computeIfAbsent(new Choice(decided.set(), off), this::build);
        return new InForce(features, decided);
    }

    /** The features of the set that a policy chooses, by name. What nobody decided is on, as the platform has it. */
    List<FeatureState> featureStates(Policy decided) {
        var byName = decided.features().stream()
                .collect(Collectors.toMap(Decided::feature, Function.identity(), (one, other) -> one));
        return plugins(decided.set()).stream()
                .flatMap(plugin -> plugin.features().stream().map(feature -> {
                    var said = Optional.ofNullable(byName.get(feature.name()));
                    return new FeatureState(
                            feature.name(),
                            plugin.pluginId(),
                            feature.stability().name(),
                            said.map(Decided::on).orElse(true),
                            said.map(Decided::decidedBy).orElse(PLATFORM),
                            said.flatMap(Decided::overruled).orElse(""));
                }))
                .sorted(Comparator.comparing(FeatureState::feature))
                .toList();
    }

    private Set<String> names(Optional<String> set) {
        return set.isEmpty() ? platformNames : named(plugins(set));
    }

    private static Set<String> named(List<Contributed> plugins) {
        return plugins.stream()
                .flatMap(plugin -> plugin.features().stream())
                .map(Feature::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whose set a plugin is in. */
    List<String> usersOf(Contributed plugin) {
        return Stream.concat(
                        Stream.of(PLATFORM).filter(platform -> platformPlugins.contains(plugin)),
                        others.entrySet().stream()
                                .filter(set -> set.getValue().contains(plugin))
                                .map(Map.Entry::getKey)
                                .sorted())
                .toList();
    }

    private List<Contributed> plugins(Optional<String> set) {
        return set.map(this::set).orElse(platformPlugins);
    }

    private FeatureSet build(Choice choice) {
        var plugins = plugins(choice.set());
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
