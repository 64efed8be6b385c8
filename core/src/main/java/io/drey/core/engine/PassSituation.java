package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.resource.CustomResource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** The situation of one pass, as a value. */
record PassSituation(
        CustomResource resource,
        Optional<CustomResource> admitted,
        Optional<CustomResource> deployed,
        Optional<CustomResource> stable,
        SpecDiff diff,
        List<Violation> violations,
        Optional<Operation> operation,
        Facts facts,
        FlinkConfig config,
        FlinkConfig deployedConfig,
        Instant now,
        String freshId,
        FeatureSet features,
        Function<CustomResource, FlinkConfig> configs)
        implements Situation {

    /** How often a strategy may hand over to another. */
    private static final int MAX_HANDS = 3;

    PassSituation with(Facts known) {
        return new PassSituation(
                resource,
                admitted,
                deployed,
                stable,
                diff,
                violations,
                operation,
                known,
                config,
                deployedConfig,
                now,
                freshId,
                features,
                configs);
    }

    PassSituation with(Optional<Operation> running) {
        return new PassSituation(
                resource,
                admitted,
                deployed,
                stable,
                diff,
                violations,
                running,
                facts,
                config,
                deployedConfig,
                now,
                freshId,
                features,
                configs);
    }

    /** Whether the user asked for deletion. */
    boolean deleting() {
        return resource.metadata().deletionTimestamp().isPresent();
    }

    /** With another spec as the one to work with. */
    private PassSituation goingOverTo(CustomResource target) {
        return new PassSituation(
                resource,
                Optional.of(target),
                deployed,
                stable,
                SpecDiff.NONE,
                violations,
                operation,
                facts,
                configs.apply(target),
                deployedConfig,
                now,
                freshId,
                features,
                configs);
    }

    @Override
    public Rescaling rescale(String deployer, Rescaling.Wanted wanted) {
        return Optional.ofNullable(features.deployers().get(deployer))
                .map(found -> found.rescale(this, wanted))
                .orElseGet(() -> new Rescaling.Impossible("no plugin here offers deployer " + deployer));
    }

    @Override
    public Choice choose(String strategy, Target target) {
        if (target == Target.CURRENT) {
            return asked(strategy);
        }
        var spec = target == Target.DEPLOYED ? deployed : stable;
        if (spec.isEmpty()) {
            return new Choice.Refuse(
                    new Failure(ErrorKind.USER, "SpecMissing", "status records no " + target + " spec to go back to"));
        }
        var choice = goingOverTo(spec.get()).asked(strategy);
        return choice instanceof Choice.Go go ? new Choice.Go(target, go.stop(), go.restore()) : choice;
    }

    private Choice choice(UpgradeStrategy strategy) {
        try {
            return strategy.choose(this);
        } catch (IllegalArgumentException e) {
            // It has met a value of the configuration that its key does not take.
            return new Choice.Refuse(new Failure(ErrorKind.USER, "BadConfiguration", String.valueOf(e.getMessage())));
        }
    }

    private Choice asked(String strategy) {
        var name = strategy;
        for (int hands = 0; hands <= MAX_HANDS; hands++) {
            var chosen = features.strategies().get(name);
            if (chosen == null) {
                return new Choice.Refuse(new Failure(
                        ErrorKind.USER,
                        "UpgradeStrategyMissing",
                        "spec.job.upgradeMode: found " + name + ", no plugin here offers it. Allowed: "
                                + String.join(
                                        ", ",
                                        new TreeSet<>(features.strategies().keySet()))
                                + ". Set another upgradeMode, or install the plugin; the job goes on as it is"));
            }
            var choice = choice(chosen);
            if (choice instanceof Choice.Hand hand) {
                name = hand.strategy();
            } else {
                return choice;
            }
        }
        return new Choice.Refuse(new Failure(
                ErrorKind.INTERNAL, "UpgradeStrategyLoop", "upgrade strategy " + strategy + " ends in no choice"));
    }
}
