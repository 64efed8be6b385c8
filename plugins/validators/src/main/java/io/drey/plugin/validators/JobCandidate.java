package io.drey.plugin.validators;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.JobSpec;
import java.util.Optional;

/**
 * A job in question, of whatever kind it is.
 *
 * @param taskManagers how many, when that is given
 * @param config what it would run under
 */
record JobCandidate(JobSpec job, Optional<Integer> taskManagers, FlinkConfig config) {
    /** The first of these keys that has text which is not blank. */
    Optional<String> firstSet(Iterable<String> keys) {
        return Candidate.firstSet(config, keys);
    }
}
