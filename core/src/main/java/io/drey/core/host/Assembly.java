package io.drey.core.host;

import com.google.inject.Binder;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Types;
import io.drey.core.generation.FeatureSet;
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
import io.drey.spi.plugin.PluginContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the contributions of plugins together into one feature set. Add plugins in the order of their ids. */
public final class Assembly {
    private static final List<Class<?>> POINTS = List.of(
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
            Feature.class);

    private final List<PluginProblem> problems = new ArrayList<>();
    private final Map<String, ResourceKind<?>> kinds = new LinkedHashMap<>();
    private final List<FactSource<?>> factSources = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Proposer> proposers = new ArrayList<>();
    private final Map<String, UpgradeStrategy> strategies = new LinkedHashMap<>();
    private final Map<String, Deployer> deployers = new LinkedHashMap<>();
    private final List<Decorator<?>> decorators = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<StatusPart<?>> statusParts = new ArrayList<>();
    private final Map<String, StepHandler> stepHandlers = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, Feature> features = new LinkedHashMap<>();
    private final Map<String, String> owners = new HashMap<>();

    private record Rule(int order, String className, AdmissionRule rule) {}

    /** What the host binds for a plugin: its context, the clock, and an empty set for each extension point. */
    public static Module hostModule(PluginContext context, Clock clock) {
        return binder -> {
            binder.requireExplicitBindings();
            binder.bind(PluginContext.class).toInstance(context);
            binder.bind(Clock.class).toInstance(clock);
            declare(binder);
        };
    }

    private static void declare(Binder binder) {
        POINTS.forEach(point -> Multibinder.newSetBinder(binder, point));
    }

    /** Adds what this plugin contributes, or notes that it cannot even say what that is. */
    public void add(String pluginId, Injector injector, ClassLoader loader) {
        try {
            addAll(pluginId, injector, loader);
        } catch (RuntimeException e) {
            problems.add(new PluginProblem("plugin " + pluginId, String.valueOf(e.getMessage()), "Mend the plugin"));
        }
    }

    private void addAll(String pluginId, Injector injector, ClassLoader loader) {
        for (var kind : guarded(ResourceKind.class, pluginId, injector, loader)) {
            named("kind", kinds, kind.type().kind(), kind, pluginId);
        }
        guarded(FactSource.class, pluginId, injector, loader).forEach(factSources::add);
        for (var rule : all(AdmissionRule.class, injector)) {
            var guarded = Gateway.guard(AdmissionRule.class, rule, pluginId, loader);
            rules.add(new Rule(guarded.order(), rule.getClass().getName(), guarded));
        }
        proposers.addAll(guarded(Proposer.class, pluginId, injector, loader));
        named("strategy", strategies, UpgradeStrategy::name, UpgradeStrategy.class, pluginId, injector, loader);
        named("deployer", deployers, Deployer::name, Deployer.class, pluginId, injector, loader);
        guarded(Decorator.class, pluginId, injector, loader).forEach(decorators::add);
        gates.addAll(guarded(Gate.class, pluginId, injector, loader));
        guarded(StatusPart.class, pluginId, injector, loader).forEach(statusParts::add);
        named("step handler", stepHandlers, StepHandler::name, StepHandler.class, pluginId, injector, loader);
        listeners.addAll(guarded(Listener.class, pluginId, injector, loader));
        for (var feature : all(Feature.class, injector)) {
            named("feature", features, feature.name(), feature, pluginId);
        }
    }

    private <T> void named(
            String what,
            Map<String, T> map,
            Function<T, String> name,
            Class<T> point,
            String pluginId,
            Injector injector,
            ClassLoader loader) {
        for (var contribution : guarded(point, pluginId, injector, loader)) {
            named(what, map, name.apply(contribution), contribution, pluginId);
        }
    }

    private <T> void named(String what, Map<String, T> map, @Nullable String name, T contribution, String pluginId) {
        if (name == null || name.isBlank()) {
            problems.add(new PluginProblem("plugin " + pluginId, "its " + what + " has no name", "Give it one"));
            return;
        }
        if (map.putIfAbsent(name, contribution) == null) {
            owners.put(what + ' ' + name, pluginId);
        } else {
            problems.add(new PluginProblem(
                    "plugin " + pluginId,
                    "its " + what + " '" + name + "' is offered by plugin " + owners.get(what + ' ' + name)
                            + " already",
                    "Remove one of the two"));
        }
    }

    private static <T> List<T> guarded(Class<T> point, String pluginId, Injector injector, ClassLoader loader) {
        return all(point, injector).stream()
                .map(contribution -> Gateway.guard(point, contribution, pluginId, loader))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> all(Class<T> point, Injector injector) {
        var key = (Key<Set<T>>) Key.get(TypeLiteral.get(Types.setOf(point)));
        return List.copyOf(injector.getInstance(key));
    }

    /** What is wrong with the combination. */
    public List<PluginProblem> problems() {
        return List.copyOf(problems);
    }

    /** The names of the features, in order. */
    public List<String> featureNames() {
        return List.copyOf(features.keySet());
    }

    /** The feature set. */
    public FeatureSet build() {
        return new FeatureSet(
                kinds,
                factSources,
                rules.stream()
                        .sorted(Comparator.comparingInt(Rule::order).thenComparing(Rule::className))
                        .map(Rule::rule)
                        .toList(),
                proposers,
                strategies,
                deployers,
                decorators,
                gates,
                statusParts,
                stepHandlers,
                listeners);
    }
}
