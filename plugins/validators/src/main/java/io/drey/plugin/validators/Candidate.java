package io.drey.plugin.validators;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import java.util.Optional;

/**
 * A FlinkDeployment whose spec is in question.
 *
 * @param deployed the spec that was last carried out; empty before the first deployment
 * @param config what the spec would run under
 */
record Candidate(FlinkDeployment resource, Optional<FlinkDeploymentSpec> deployed, FlinkConfig config) {
    FlinkDeploymentSpec spec() {
        return resource.spec();
    }

    Optional<JobSpec> job() {
        return spec().job();
    }

    /** How many TaskManagers, when that is given. */
    Optional<Integer> taskManagers() {
        return spec().taskManager().flatMap(taskManager -> taskManager.replicas());
    }

    /** The first of these keys that has text which is not blank. */
    Optional<String> firstSet(Iterable<String> keys) {
        return firstSet(config, keys);
    }

    static Optional<String> firstSet(FlinkConfig config, Iterable<String> keys) {
        for (var key : keys) {
            var value = config.get(key).filter(text -> !text.isBlank());
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }
}
