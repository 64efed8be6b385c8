package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Types;
import io.drey.core.generation.FeatureSet;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePlugin;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Feature sets of plugins on the test's class path: one injector for each, as the plugin host makes them, but without
 * class loaders of their own and without the gateway.
 */
public final class FeatureSets {
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

    private final List<Injector> injectors = new ArrayList<>();
    private final List<Deployer> deployers = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();

    /** With a plugin more. */
    public FeatureSets plugin(FeaturePlugin plugin, Clock clock) {
        var context = new TestContext(plugin.getClass().getSimpleName(), clock);
        injectors.add(Guice.createInjector(
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        binder().requireExplicitBindings();
                        bind(Clock.class).toInstance(clock);
                        bind(PluginContext.class).toInstance(context);
                        POINTS.forEach(point -> Multibinder.newSetBinder(binder(), point));
                    }
                },
                plugin.module(context)));
        return this;
    }

    /** With a deployer more. */
    public FeatureSets deployer(Deployer deployer) {
        deployers.add(deployer);
        return this;
    }

    /** With a gate more. */
    public FeatureSets gate(Gate gate) {
        gates.add(gate);
        return this;
    }

    /** The feature set. */
    public FeatureSet build() {
        Map<String, ResourceKind<?>> kinds = new HashMap<>();
        for (var kind : all(ResourceKind.class)) {
            kinds.put(kind.type().kind(), kind);
        }
        List<Deployer> allDeployers = new ArrayList<>(all(Deployer.class));
        allDeployers.addAll(deployers);
        Map<String, Deployer> byName = new HashMap<>();
        allDeployers.forEach(deployer -> byName.put(deployer.name(), deployer));
        Map<String, UpgradeStrategy> strategies = new HashMap<>();
        all(UpgradeStrategy.class).forEach(strategy -> strategies.put(strategy.name(), strategy));
        Map<String, StepHandler> handlers = new HashMap<>();
        all(StepHandler.class).forEach(handler -> handlers.put(handler.name(), handler));
        List<Gate> allGates = new ArrayList<>(all(Gate.class));
        allGates.addAll(gates);
        return new FeatureSet(
                kinds,
                widen(all(FactSource.class)),
                all(AdmissionRule.class).stream()
                        .sorted(Comparator.comparingInt(AdmissionRule::order)
                                .thenComparing(rule -> rule.getClass().getName()))
                        .toList(),
                all(Proposer.class),
                strategies,
                byName,
                widen(all(Decorator.class)),
                allGates,
                widen(all(StatusPart.class)),
                handlers,
                all(Listener.class));
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> widen(List<?> list) {
        return (List<T>) list;
    }

    @SuppressWarnings("unchecked")
    private <T> List<T> all(Class<T> point) {
        List<T> found = new ArrayList<>();
        var key = (Key<Set<T>>) Key.get(TypeLiteral.get(Types.setOf(point)));
        injectors.forEach(injector -> found.addAll(injector.getInstance(key)));
        return found;
    }

    private record TestContext(String pluginId, Clock clock) implements PluginContext {
        @Override
        public String version() {
            return "0.1.0";
        }

        @Override
        public JsonNode configuration() {
            return mapper().createObjectNode();
        }

        @Override
        public ObjectMapper mapper() {
            return new ObjectMapper();
        }
    }
}
