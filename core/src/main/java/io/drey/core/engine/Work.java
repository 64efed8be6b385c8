package io.drey.core.engine;

import static java.util.Objects.requireNonNull;

import io.drey.core.generation.Contribution;
import io.drey.spi.Proposer.Tier;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Step;
import java.util.List;

/**
 * Steps outside of the operation, as one contribution proposes them.
 *
 * @param plugin id of the plugin that proposes them
 * @param by names the contribution, unique in its plugin
 * @param tier decides who wins a target that two contributions want
 */
record Work(String plugin, String by, Tier tier, List<Step> steps) {
    Work {
        requireNonNull(plugin, "plugin");
        requireNonNull(by, "by");
        requireNonNull(tier, "tier");
        steps = List.copyOf(steps);
    }

    /** What a contribution proposes. */
    static Work of(Object contribution, Tier tier, List<Step> steps) {
        return new Work(Contribution.pluginOf(contribution), contribution.toString(), tier, steps);
    }

    Work with(List<Step> others) {
        return new Work(plugin, by, tier, others);
    }

    /** A failure of these steps, which names the plugin. */
    Failure named(Failure failure) {
        return new Failure(
                failure.kind(),
                failure.code(),
                "plugin " + plugin + ": " + failure.message(),
                failure.httpResponseCode());
    }
}
