package io.drey.plugin.recovery;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.FlinkDuration;
import io.drey.spi.config.OperatorKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What counts as healthy.
 *
 * @param restartsWindow in which restarts are counted
 * @param restartsThreshold more restarts than that in the window are unhealthy
 * @param checkpointsWindow in which at least one checkpoint must be complete; empty when that is not looked at
 */
record HealthCheck(Duration restartsWindow, int restartsThreshold, Optional<Duration> checkpointsWindow) {
    static final ConfigKey<Boolean> ENABLED = OperatorKeys.HEALTH_CHECK;

    private static final ConfigKey<Duration> RESTARTS_WINDOW = OperatorKeys.RESTARTS_WINDOW;
    private static final ConfigKey<Integer> RESTARTS_THRESHOLD = OperatorKeys.RESTARTS_THRESHOLD;
    private static final ConfigKey<Boolean> CHECKPOINTS = OperatorKeys.CHECKPOINT_PROGRESS;
    private static final ConfigKey<Optional<Duration>> CHECKPOINTS_WINDOW = OperatorKeys.CHECKPOINT_PROGRESS_WINDOW;
    private static final ConfigKey<Optional<Duration>> INTERVAL = optional("execution.checkpointing.interval");
    private static final ConfigKey<Duration> TIMEOUT =
            ConfigKey.duration("execution.checkpointing.timeout", Duration.ofMinutes(10));
    private static final ConfigKey<Integer> TOLERABLE =
            ConfigKey.integer("execution.checkpointing.tolerable-failed-checkpoints", 0);

    private static ConfigKey<Optional<Duration>> optional(String name) {
        return new ConfigKey<>(
                name,
                List.of(),
                Optional.empty(),
                "a duration such as 10 min",
                text -> Optional.of(FlinkDuration.parse(text)));
    }

    /** As a configuration asks for. Where checkpoints are not configured, none are expected. */
    static HealthCheck of(FlinkConfig config) {
        var interval = config.orFallback(INTERVAL).filter(every -> !every.isZero());
        var configured = config.orFallback(CHECKPOINTS_WINDOW);
        boolean expected = config.orFallback(CHECKPOINTS) && (interval.isPresent() || configured.isPresent());
        return new HealthCheck(
                config.orFallback(RESTARTS_WINDOW),
                config.orFallback(RESTARTS_THRESHOLD),
                expected ? Optional.of(window(configured, interval, config)) : Optional.empty());
    }

    /** Long enough for as many checkpoints to fail as may, and for the next one. */
    private static Duration window(Optional<Duration> configured, Optional<Duration> interval, FlinkConfig config) {
        var one = max(interval.orElse(Duration.ZERO), config.orFallback(TIMEOUT));
        return max(configured.orElse(Duration.ZERO), one.multipliedBy(config.orFallback(TOLERABLE) + 2L));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
