package io.drey.core.engine;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.CustomResource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A situation as decorators of a launch see it: {@code admitted} is the spec that is launched, which is not the user's in
 * a rollback or recovery.
 */
record LaunchSituation(PassSituation pass, CustomResource target) implements Situation {
    @Override
    public CustomResource resource() {
        return pass.resource();
    }

    @Override
    public Optional<CustomResource> admitted() {
        return Optional.of(target);
    }

    @Override
    public Optional<CustomResource> deployed() {
        return pass.deployed();
    }

    @Override
    public Optional<CustomResource> stable() {
        return pass.stable();
    }

    @Override
    public SpecDiff diff() {
        return pass.diff();
    }

    @Override
    public List<Violation> violations() {
        return pass.violations();
    }

    @Override
    public Optional<Operation> operation() {
        return pass.operation();
    }

    @Override
    public Facts facts() {
        return pass.facts();
    }

    @Override
    public FlinkConfig config() {
        return pass.config();
    }

    @Override
    public FlinkConfig deployedConfig() {
        return pass.deployedConfig();
    }

    @Override
    public Instant now() {
        return pass.now();
    }

    @Override
    public String freshId() {
        return pass.freshId();
    }

    @Override
    public Choice choose(String strategy, Target other) {
        return pass.choose(strategy, other);
    }
}
