package io.drey.core.generation;

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
import java.util.List;
import java.util.Map;

/**
 * The contributions that are in force for a resource, in the order in which they are asked: by plugin id, then by the
 * order of the plugin's list. Immutable. The contributions in it go through the gateway already.
 *
 * @param kinds by {@code kind}
 * @param strategies by name
 * @param deployers by name
 * @param stepHandlers by name
 */
public record FeatureSet(
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
    public FeatureSet {
        kinds = Map.copyOf(kinds);
        factSources = List.copyOf(factSources);
        admissionRules = List.copyOf(admissionRules);
        proposers = List.copyOf(proposers);
        strategies = Map.copyOf(strategies);
        deployers = Map.copyOf(deployers);
        decorators = List.copyOf(decorators);
        gates = List.copyOf(gates);
        statusParts = List.copyOf(statusParts);
        stepHandlers = Map.copyOf(stepHandlers);
        listeners = List.copyOf(listeners);
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
