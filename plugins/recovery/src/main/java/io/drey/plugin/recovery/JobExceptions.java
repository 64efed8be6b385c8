package io.drey.plugin.recovery;

import io.drey.spi.fact.FactType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the tasks of a job have thrown.
 *
 * @param thrown newest first
 * @param problem why some are missing, if so
 */
record JobExceptions(String jobId, List<Thrown> thrown, Optional<String> problem) {
    static final FactType<JobExceptions> TYPE = new FactType<>("job-exceptions", JobExceptions.class);

    /**
     * @param at by the cluster's clock
     * @param stackTrace its first lines, and how many more there are
     * @param labels that Flink's failure enrichers gave it
     */
    record Thrown(
            Instant at,
            String stackTrace,
            Optional<String> task,
            Optional<String> endpoint,
            Optional<String> taskManager,
            Map<String, String> labels) {}

    JobExceptions {
        thrown = List.copyOf(thrown);
    }
}
