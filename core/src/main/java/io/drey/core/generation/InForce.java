package io.drey.core.generation;

import io.drey.core.config.FlinkConfigs;
import io.drey.spi.FeaturePolicy.Policy;

/**
 * What is in force for a resource.
 *
 * @param features the contributions
 * @param policy who decided so
 */
public record InForce(FeatureSet features, Policy policy) {
    /** Configuration with the tenant's layer in it, and what is locked on top. */
    public FlinkConfigs configs(FlinkConfigs all) {
        return policy.defaults().values().isEmpty() && policy.locked().values().isEmpty()
                ? all
                : (request, over) ->
                        all.effective(request, policy.defaults().with(over)).with(policy.locked());
    }
}
