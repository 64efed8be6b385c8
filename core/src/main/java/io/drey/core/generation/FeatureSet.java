package io.drey.core.generation;

import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Decorator.Phase;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.Gate;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.Proposer.Tier;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The contributions that are active for a resource, in the order in which the engine calls them: by plugin id, then by the
 * order of the plugin's list. Immutable. The contributions in it go through the gateway already.
 *
 * <p>Proposers and decorators are indexed by kind: a pass never touches one that is not for its kind.
 */
public final class FeatureSet {
    private final Map<String, ResourceKind<?>> kinds;
    private final List<FactSource<?>> factSources;
    private final List<AdmissionRule> admissionRules;
    private final List<Proposer> proposers;
    private final Map<String, UpgradeStrategy> strategies;
    private final Map<String, Deployer> deployers;
    private final List<Decorator<?>> decorators;
    private final List<Gate> gates;
    private final List<StatusPart<?>> statusParts;
    private final Map<String, StepHandler> stepHandlers;
    private final List<Listener> listeners;
    private final Map<Asked, List<Proposer>> proposersOf = new HashMap<>();
    private final Map<Decorated, List<Decorator<?>>> decoratorsOf = new HashMap<>();

    private record Asked(String kind, Tier tier) {}

    private record Decorated(String kind, Phase<?> phase) {}

    /**
     * @param kinds by {@code kind}
     * @param strategies by name
     * @param deployers by name
     * @param stepHandlers by name
     */
    public FeatureSet(
            Map<String, ResourceKind<?>> kinds,
            List<FactSource<?>> factSources,
            List<AdmissionRule> admissionRules,
            List<Proposer> proposers,
            Map<String, UpgradeStrategy> strategies,
            Map<String, Deployer> deployers,
            List<Decorator<?>> decorators,
            List<Gate> gates,
            List<StatusPart<?>> statusParts,
            Map<String, StepHandler> stepHandlers,
            List<Listener> listeners) {
        this.kinds = Map.copyOf(kinds);
        this.factSources = List.copyOf(factSources);
        this.admissionRules = List.copyOf(admissionRules);
        this.proposers = List.copyOf(proposers);
        this.strategies = Map.copyOf(strategies);
        this.deployers = Map.copyOf(deployers);
        this.decorators = List.copyOf(decorators);
        this.gates = List.copyOf(gates);
        this.statusParts = List.copyOf(statusParts);
        this.stepHandlers = Map.copyOf(stepHandlers);
        this.listeners = List.copyOf(listeners);
        for (var proposer : proposers) {
            for (var kind : proposer.kinds()) {
                add(proposersOf, new Asked(kind, proposer.tier()), proposer);
            }
        }
        proposersOf.forEach((asked, indexed) -> {
            if (asked.tier() == Tier.REMEDY) {
                indexed.sort(Comparator.comparing(Proposer::cause));
            }
        });
        for (var decorator : decorators) {
            for (var kind : decorator.kinds()) {
                add(decoratorsOf, new Decorated(kind, decorator.phase()), decorator);
            }
        }
    }

    private static <K, V> void add(Map<K, List<V>> index, K key, V value) {
        index.computeIfAbsent(key, none -> new ArrayList<>()).add(value);
    }

    /** The proposers for a kind in one tier, remedies by their cause. */
    public List<Proposer> proposers(String kind, Tier tier) {
        return proposersOf.getOrDefault(new Asked(kind, tier), List.of());
    }

    /** The decorators for a kind in one phase. */
    @SuppressWarnings("unchecked")
    public <T> List<Decorator<T>> decorators(String kind, Phase<T> phase) {
        List<?> found = decoratorsOf.getOrDefault(new Decorated(kind, phase), List.of());
        return (List<Decorator<T>>) found;
    }

    /** By {@code kind}. */
    public Map<String, ResourceKind<?>> kinds() {
        return kinds;
    }

    public List<FactSource<?>> factSources() {
        return factSources;
    }

    public List<AdmissionRule> admissionRules() {
        return admissionRules;
    }

    public List<Proposer> proposers() {
        return proposers;
    }

    /** By name. */
    public Map<String, UpgradeStrategy> strategies() {
        return strategies;
    }

    /** By name. */
    public Map<String, Deployer> deployers() {
        return deployers;
    }

    public List<Decorator<?>> decorators() {
        return decorators;
    }

    public List<Gate> gates() {
        return gates;
    }

    public List<StatusPart<?>> statusParts() {
        return statusParts;
    }

    /** By name. */
    public Map<String, StepHandler> stepHandlers() {
        return stepHandlers;
    }

    public List<Listener> listeners() {
        return listeners;
    }

    /** With the kinds and fact sources of another set: the ones that there are for everybody. */
    public FeatureSet forEverybody(FeatureSet platform) {
        return new FeatureSet(
                platform.kinds,
                platform.factSources,
                admissionRules,
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
