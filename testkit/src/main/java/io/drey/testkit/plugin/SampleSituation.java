package io.drey.testkit.plugin;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.CustomResource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A resource that was just created: nothing is deployed, nothing is known, nothing offers a strategy. */
record SampleSituation(CustomResource resource, FlinkConfig config) implements Situation {
    @Override
    public Optional<CustomResource> admitted() {
        return Optional.of(resource);
    }

    @Override
    public Optional<CustomResource> deployed() {
        return Optional.empty();
    }

    @Override
    public Optional<CustomResource> stable() {
        return Optional.empty();
    }

    @Override
    public SpecDiff diff() {
        return new SpecDiff(List.of());
    }

    @Override
    public List<Violation> violations() {
        return List.of();
    }

    @Override
    public Optional<Operation> operation() {
        return Optional.empty();
    }

    @Override
    public Facts facts() {
        return Facts.NONE;
    }

    @Override
    public FlinkConfig deployedConfig() {
        return config;
    }

    @Override
    public Instant now() {
        return Samples.NOW;
    }

    @Override
    public String freshId() {
        return "0123456789abcdef0123456789abcdef";
    }

    @Override
    public Choice choose(String strategy, Target target) {
        return new Choice.Refuse(
                new Failure(ErrorKind.USER, "UpgradeStrategyMissing", "nobody offers " + strategy + " here"));
    }
}
