package io.drey.core.host;

import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.util.Types;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.Gate;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.plugin.Feature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
            Listener.class);

    private final String pluginId;
    private final Map<Class<?>, List<?>> points = new LinkedHashMap<>();
    private final List<Feature> features;

    private Contributed(String pluginId, Injector injector, PluginCalls calls) {
        this.pluginId = pluginId;
        POINTS.forEach(point -> points.put(point, guarded(point, injector, calls)));
        this.features = all(Feature.class, injector);
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

    @SuppressWarnings("unchecked")
    <T> List<T> of(Class<T> point) {
        return (List<T>) points.getOrDefault(point, List.of());
    }

    private static <T> List<T> guarded(Class<T> point, Injector injector, PluginCalls calls) {
        return all(point, injector).stream()
                .map(contribution -> Gateway.guard(point, contribution, calls))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> all(Class<T> point, Injector injector) {
        var key = (Key<Set<T>>) Key.get(TypeLiteral.get(Types.setOf(point)));
        return List.copyOf(injector.getInstance(key));
    }
}
