package io.drey.plugin.nativek8s;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.Reading;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.CustomResource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A situation of values. Knows no strategies, and no spec but the resource's own. */
record TestSituation(
        CustomResource resource,
        FlinkConfig config,
        Optional<FlinkConfig> deployedAs,
        Optional<Operation> operation,
        Facts facts,
        Instant now)
        implements Situation {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    TestSituation(
            CustomResource resource, FlinkConfig config, Optional<Operation> operation, Facts facts, Instant now) {
        this(resource, config, Optional.empty(), operation, facts, now);
    }

    static TestSituation of(CustomResource resource) {
        return new TestSituation(resource, FlinkConfig.EMPTY, Optional.empty(), Facts.NONE, NOW);
    }

    TestSituation with(FlinkConfig other) {
        return new TestSituation(resource, other, deployedAs, operation, facts, now);
    }

    /** The same with a spec that is deployed, under this configuration. */
    TestSituation deployedAs(FlinkConfig other) {
        return new TestSituation(resource, config, Optional.of(other), operation, facts, now);
    }

    TestSituation with(Operation other) {
        return new TestSituation(resource, config, deployedAs, Optional.of(other), facts, now);
    }

    <F> TestSituation with(FactType<F> type, F fact) {
        Map<FactType<?>, Reading<?>> readings = new HashMap<>(facts.readings());
        readings.put(type, new Reading.Known<>(fact, now));
        return new TestSituation(resource, config, deployedAs, operation, new Facts(readings), now);
    }

    TestSituation at(Instant other) {
        return new TestSituation(resource, config, deployedAs, operation, facts, other);
    }

    @Override
    public Optional<CustomResource> admitted() {
        return Optional.of(resource);
    }

    @Override
    public Optional<CustomResource> deployed() {
        return deployedAs.map(config -> resource);
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
    public FlinkConfig deployedConfig() {
        return deployedAs.orElse(config);
    }

    @Override
    public String freshId() {
        return "0123456789abcdef0123456789abcdef";
    }

    @Override
    public Choice choose(String strategy, Target target) {
        throw new UnsupportedOperationException("no strategies here");
    }
}
