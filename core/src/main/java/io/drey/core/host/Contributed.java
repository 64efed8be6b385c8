package io.drey.core.host;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.util.Types;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.Gate;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.plugin.Feature;
import io.drey.spi.plugin.FeatureMember;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What one plugin contributes: each contribution behind the gateway, in the order of the plugin's list. Immutable. */
public final class Contributed {
    static final List<Class<?>> POINTS = List.of(
            ResourceKind.class,
            FactSource.class,
            AdmissionRule.class,
            Proposer.class,
            UpgradeStrategy.class,
            Deployer.class,
            Decorator.class,
            Gate.class,
            StatusPart.class,
            StepHandler.class,
            Listener.class,
            FeaturePolicy.class);

    /**
     * What no feature switches off: a cluster has one kind of a name and one informer for what is watched, and a running
     * operation needs the deployer and the steps that it began with.
     */
    private static final Set<Class<?>> ALWAYS =
            Set.of(ResourceKind.class, FactSource.class, FeaturePolicy.class, Deployer.class, StepHandler.class);

    private final String pluginId;
    private final Map<Class<?>, List<?>> points = new LinkedHashMap<>();
    private final List<Feature> features;
    private final Map<Object, String> featureOf = new IdentityHashMap<>();

    private Contributed(String pluginId, Injector injector, PluginCalls calls) {
        this.pluginId = pluginId;
        var members = all(FeatureMember.class, injector).stream()
                .collect(Collectors.toMap(FeatureMember::contribution, FeatureMember::feature, (one, other) -> one));
        POINTS.forEach(point -> points.put(point, guarded(point, injector, calls, members)));
        this.features = all(Feature.class, injector);
    }

    private Contributed(Contributed all, Set<String> off) {
        this.pluginId = all.pluginId;
        this.features = all.features;
        all.points.forEach((point, contributions) -> points.put(
                point,
                ALWAYS.contains(point)
                        ? contributions
                        : contributions.stream()
                                .filter(one -> !off.contains(all.featureOf.getOrDefault(one, "")))
                                .toList()));
        featureOf.putAll(all.featureOf);
    }

    /** Without the contributions of features that are off, but with those that are always there. */
    Contributed without(Set<String> off) {
        return features.stream().map(Feature::name).noneMatch(off::contains) ? this : new Contributed(this, off);
    }

    /**
     * What this injector has.
     *
     * @param watch that the calls are under
     */
    public static Contributed of(String pluginId, Injector injector, ClassLoader loader, CallWatch watch) {
        return new Contributed(pluginId, injector, new PluginCalls(pluginId, loader, watch));
    }

    static Contributed of(String pluginId, Injector injector, PluginCalls calls) {
        return new Contributed(pluginId, injector, calls);
    }

    String pluginId() {
        return pluginId;
    }

    List<Feature> features() {
        return features;
    }

    /** How many for each extension point that has any. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        points.forEach((point, contributions) -> {
            if (!contributions.isEmpty()) {
                counts.put(point.getSimpleName(), contributions.size());
            }
        });
        return counts;
    }

    @SuppressWarnings("unchecked")
    <T> List<T> of(Class<T> point) {
        return (List<T>) points.getOrDefault(point, List.of());
    }

    private <T> List<T> guarded(Class<T> point, Injector injector, PluginCalls calls, Map<Class<?>, String> members) {
        List<T> guarded = new ArrayList<>();
        for (var contribution : all(point, injector)) {
            var behind = Gateway.guard(point, contribution, calls);
            guarded.add(behind);
            var feature = members.get(contribution.getClass());
            if (feature != null) {
                featureOf.put(behind, feature);
            }
        }
        return List.copyOf(guarded);
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> all(Class<T> point, Injector injector) {
        var key = (Key<Set<T>>) Key.get(TypeLiteral.get(Types.setOf(point)));
        return List.copyOf(injector.getInstance(key));
    }
}
