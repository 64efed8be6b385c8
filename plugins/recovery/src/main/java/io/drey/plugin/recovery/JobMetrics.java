package io.drey.plugin.recovery;

import io.drey.spi.fact.FactType;
import java.time.Instant;
import java.util.Optional;

/**
 * What a job counts of itself.
 *
 * @param restarts empty while Flink does not tell
 * @param completedCheckpoints empty while Flink does not tell
 * @param at when it was asked
 */
record JobMetrics(String jobId, Optional<Long> restarts, Optional<Long> completedCheckpoints, Instant at) {
    static final FactType<JobMetrics> TYPE = new FactType<>("job-metrics", JobMetrics.class);
}
