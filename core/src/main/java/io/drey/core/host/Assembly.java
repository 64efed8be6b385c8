package io.drey.core.host;

import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
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
import io.drey.spi.plugin.PluginContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the contributions of plugins together into one feature set. Add plugins in the order of their ids. */
public final class Assembly {
    private final List<PluginProblem> problems = new ArrayList<>();
    private final List<Contributed> plugins = new ArrayList<>();
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
    private final Map<String, FeaturePolicy> policies = new LinkedHashMap<>();
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
        Contributed.POINTS.forEach(point -> Multibinder.newSetBinder(binder, point));
        Multibinder.newSetBinder(binder, Feature.class);
        Multibinder.newSetBinder(binder, FeatureMember.class);
    }

    /** Adds what a plugin contributes, or notes that it cannot even say what that is. */
    public void add(Contributed plugin) {
        plugins.add(plugin);
        try {
            addAll(plugin);
        } catch (RuntimeException e) {
            problems.add(new PluginProblem(
                    "plugin " + plugin.pluginId(), String.valueOf(e.getMessage()), "Mend the plugin"));
        }
    }

    private void addAll(Contributed plugin) {
        named("kind", kinds, kind -> kind.type().kind(), plugin, typed(ResourceKind.class, plugin));
        typed(FactSource.class, plugin).forEach(factSources::add);
        plugin.of(AdmissionRule.class).forEach(rule -> rules.add(new Rule(rule.order(), rule.toString(), rule)));
        proposers.addAll(plugin.of(Proposer.class));
        named("strategy", strategies, UpgradeStrategy::name, plugin, plugin.of(UpgradeStrategy.class));
        named("deployer", deployers, Deployer::name, plugin, plugin.of(Deployer.class));
        typed(Decorator.class, plugin).forEach(decorators::add);
        gates.addAll(plugin.of(Gate.class));
        typed(StatusPart.class, plugin).forEach(statusParts::add);
        named("step handler", stepHandlers, StepHandler::name, plugin, plugin.of(StepHandler.class));
        listeners.addAll(plugin.of(Listener.class));
        for (var policy : plugin.of(FeaturePolicy.class)) {
            named("policy", policies, "policy", policy, plugin.pluginId());
        }
        named("feature", features, Feature::name, plugin, plugin.features());
    }

    /** Contributions whose type has a parameter: the registry knows the raw type only. */
    @SuppressWarnings("unchecked")
    private static <T> List<T> typed(Class<? super T> point, Contributed plugin) {
        return (List<T>) plugin.of(point);
    }

    private <T> void named(
            String what, Map<String, T> map, Function<T, String> name, Contributed plugin, List<T> contributions) {
        for (var contribution : contributions) {
            named(what, map, name.apply(contribution), contribution, plugin.pluginId());
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

    /** What is wrong with the combination. */
    public List<PluginProblem> problems() {
        return List.copyOf(problems);
    }

    /** Who decides what is in force for whom. */
    Optional<FeaturePolicy> policy() {
        return policies.values().stream().findFirst();
    }

    /**
     * One generation of these plugins that never ends.
     *
     * @param platform their contributions, and perhaps more
     */
    public Generations generations(FeatureSet platform) {
        var generation =
                new Generation(1, List.of(), new PluginSets(plugins, platform, Map.of(), policy()), drained -> {});
        return () -> {
            generation.tryEnter();
            return generation.entered();
        };
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
