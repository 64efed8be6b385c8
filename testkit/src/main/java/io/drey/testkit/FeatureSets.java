package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.inject.Guice;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
import io.drey.core.host.Assembly;
import io.drey.core.host.CallWatch;
import io.drey.core.host.Contributed;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Gate;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.plugin.PluginContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Feature sets of plugins on the test's class path: assembled as the plugin host does it, one injector for each, but
 * without class loaders of their own.
 */
public final class FeatureSets {
    /** No test is about the speed of a plugin, and one may be stopped in a debugger. */
    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofHours(1)));

    private final Assembly assembly = new Assembly();
    private final List<Deployer> deployers = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<Proposer> proposers = new ArrayList<>();
    private final List<AdmissionRule> rules = new ArrayList<>();
    private final List<UpgradeStrategy> strategies = new ArrayList<>();

    /** With a plugin more. */
    public FeatureSets plugin(FeaturePlugin plugin, Clock clock) {
        return plugin(plugin, clock, WATCH);
    }

    /**
     * With a plugin more.
     *
     * @param watch that its calls are under, for tests about a plugin that is late
     */
    public FeatureSets plugin(FeaturePlugin plugin, Clock clock, CallWatch watch) {
        var context = new TestContext(plugin.getClass().getSimpleName(), clock);
        assembly.add(Contributed.of(
                context.pluginId(),
                Guice.createInjector(Assembly.hostModule(context, clock), plugin.module(context)),
                plugin.getClass().getClassLoader(),
                watch));
        return this;
    }

    /** With a deployer more. */
    public FeatureSets deployer(Deployer deployer) {
        deployers.add(deployer);
        return this;
    }

    /** With an admission rule more. */
    public FeatureSets rule(AdmissionRule rule) {
        rules.add(rule);
        return this;
    }

    /** With a strategy more, or in place of the one of its name. */
    public FeatureSets strategy(UpgradeStrategy strategy) {
        strategies.add(strategy);
        return this;
    }

    /** With a gate more. */
    public FeatureSets gate(Gate gate) {
        gates.add(gate);
        return this;
    }

    /** With a proposer more. */
    public FeatureSets proposer(Proposer proposer) {
        proposers.add(proposer);
        return this;
    }

    /**
     * The feature set.
     *
     * @throws AssertionError when the plugins do not go together
     */
    public FeatureSet build() {
        if (!assembly.problems().isEmpty()) {
            throw new AssertionError(assembly.problems().toString());
        }
        var plugins = assembly.build();
        Map<String, Deployer> byName = new HashMap<>(plugins.deployers());
        deployers.forEach(deployer -> byName.put(deployer.name(), deployer));
        List<FactSource<?>> sources = new ArrayList<>(plugins.factSources());
        if (deployers.stream().anyMatch(FakeDeployer.class::isInstance)) {
            sources.add(new FakeHighAvailabilitySource());
        }
        List<AdmissionRule> allRules = new ArrayList<>(plugins.admissionRules());
        allRules.addAll(rules);
        Map<String, UpgradeStrategy> strategiesByName = new HashMap<>(plugins.strategies());
        strategies.forEach(strategy -> strategiesByName.put(strategy.name(), strategy));
        List<Gate> allGates = new ArrayList<>(plugins.gates());
        allGates.addAll(gates);
        List<Proposer> allProposers = new ArrayList<>(plugins.proposers());
        allProposers.addAll(proposers);
        return new FeatureSet(
                plugins.kinds(),
                sources,
                allRules,
                allProposers,
                strategiesByName,
                byName,
                plugins.decorators(),
                allGates,
                plugins.statusParts(),
                plugins.stepHandlers(),
                plugins.listeners());
    }

    /** The feature set as one generation, with what its feature policy decides. */
    public Generations generations() {
        return assembly.generations(build());
    }

    /** The same contributions, each of whose calls may fail on its way. */
    public static FeatureSet disturbed(FeatureSet sound, PluginFaults faults) {
        Map<String, ResourceKind<?>> kinds = new HashMap<>();
        sound.kinds().forEach((name, kind) -> kinds.put(name, faults.around(ResourceKind.class, kind)));
        Map<String, UpgradeStrategy> strategies = new HashMap<>();
        sound.strategies()
                .forEach((name, strategy) -> strategies.put(name, faults.around(UpgradeStrategy.class, strategy)));
        Map<String, Deployer> deployers = new HashMap<>();
        sound.deployers().forEach((name, deployer) -> deployers.put(name, faults.around(Deployer.class, deployer)));
        Map<String, StepHandler> handlers = new HashMap<>();
        sound.stepHandlers().forEach((name, handler) -> handlers.put(name, faults.around(StepHandler.class, handler)));
        List<FactSource<?>> sources = new ArrayList<>();
        sound.factSources().forEach(source -> sources.add(faults.around(FactSource.class, source)));
        List<Decorator<?>> decorators = new ArrayList<>();
        sound.decorators().forEach(decorator -> decorators.add(faults.around(Decorator.class, decorator)));
        List<StatusPart<?>> parts = new ArrayList<>();
        sound.statusParts().forEach(part -> parts.add(faults.around(StatusPart.class, part)));
        return new FeatureSet(
                kinds,
                sources,
                faults.around(AdmissionRule.class, sound.admissionRules()),
                faults.around(Proposer.class, sound.proposers()),
                strategies,
                deployers,
                decorators,
                faults.around(Gate.class, sound.gates()),
                parts,
                handlers,
                sound.listeners());
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
            return new ObjectMapper().registerModules(new Jdk8Module(), new JavaTimeModule());
        }
    }
}
