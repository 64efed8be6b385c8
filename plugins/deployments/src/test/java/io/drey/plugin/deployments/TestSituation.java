package io.drey.plugin.deployments;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.Reading;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A situation of values, with what follows from them as the engine has it. */
record TestSituation(
        FlinkDeploymentKind kind,
        FlinkDeployment resource,
        Optional<ClusterObjects> objects,
        Optional<FlinkJobs> flink,
        Instant flinkSeen,
        List<Violation> violations,
        Map<String, Choice> strategies,
        Instant now,
        String freshId)
        implements Situation {

    @Override
    public Optional<CustomResource> admitted() {
        return violations.isEmpty() ? Optional.of(resource) : deployed();
    }

    @Override
    public Optional<CustomResource> deployed() {
        return kind.deployed(resource).map(CustomResource.class::cast);
    }

    @Override
    public Optional<CustomResource> stable() {
        return kind.stable(resource).map(CustomResource.class::cast);
    }

    @Override
    public SpecDiff diff() {
        return deployed().isPresent() && admitted().isPresent()
                ? kind.specDiff((FlinkDeployment) deployed().get(), (FlinkDeployment)
                        admitted().get())
                : SpecDiff.NONE;
    }

    @Override
    public Optional<Operation> operation() {
        return resource.status().operation();
    }

    @Override
    public Facts facts() {
        Map<FactType<?>, Reading<?>> readings = new HashMap<>();
        objects.ifPresent(seen -> readings.put(ClusterObjects.TYPE, new Reading.Known<>(seen, now)));
        flink.ifPresent(seen -> readings.put(FlinkJobs.TYPE, new Reading.Known<>(seen, flinkSeen)));
        return new Facts(readings);
    }

    @Override
    public FlinkConfig config() {
        return Passes.config(resource.spec());
    }

    @Override
    public FlinkConfig deployedConfig() {
        return kind.deployed(resource)
                .map(deployed -> Passes.config(deployed.spec()))
                .orElseGet(this::config);
    }

    @Override
    public Choice choose(String strategy, Target target) {
        return strategies.getOrDefault(
                strategy,
                new Choice.Refuse(new Failure(ErrorKind.USER, "UpgradeStrategyMissing", "nobody offers " + strategy)));
    }
}
