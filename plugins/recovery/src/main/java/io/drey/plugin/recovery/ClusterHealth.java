package io.drey.plugin.recovery;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a job counted at two points in time, against which later counts are held: as the contract stores it, times in
 * milliseconds since the epoch. It changes when something happens, and not with each look.
 *
 * @param timeStamp of the last look that changed something
 * @param numRestarts at {@code numRestartsEvaluationTimeStamp}
 * @param numCompletedCheckpoints at {@code numCompletedCheckpointsIncreasedTimeStamp}, at most a quarter of the window
 *     before the last one was complete
 * @param healthResult of that look
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ClusterHealth(
        long timeStamp,
        long numRestarts,
        long numRestartsEvaluationTimeStamp,
        long numCompletedCheckpoints,
        long numCompletedCheckpointsIncreasedTimeStamp,
        HealthResult healthResult) {

    /** @param error why not; null on the wire when it is healthy */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record HealthResult(boolean healthy, Optional<String> error) {
        static final HealthResult HEALTHY = new HealthResult(true, Optional.empty());

        HealthResult {
            error = error == null ? Optional.empty() : error;
        }

        static HealthResult unhealthy(String why) {
            return new HealthResult(false, Optional.of(why));
        }
    }

    ClusterHealth {
        healthResult = healthResult == null ? HealthResult.HEALTHY : healthResult;
    }

    /** The first look: nothing to compare with, so it is healthy. */
    static ClusterHealth first(JobMetrics metrics) {
        long at = metrics.at().toEpochMilli();
        return new ClusterHealth(
                at,
                metrics.restarts().orElse(0L),
                at,
                metrics.completedCheckpoints().orElse(0L),
                at,
                HealthResult.HEALTHY);
    }

    /**
     * The next look. Counts that Flink does not tell count as unchanged; what was asked before the last look says
     * nothing.
     */
    ClusterHealth next(JobMetrics metrics, HealthCheck check) {
        long at = metrics.at().toEpochMilli();
        if (at < timeStamp) {
            return this;
        }
        var restarts = restarts(metrics.restarts().orElse(numRestarts), at, check);
        return restarts.healthResult().healthy()
                ? restarts.checkpoints(metrics.completedCheckpoints().orElse(numCompletedCheckpoints), at, check)
                : restarts;
    }

    private ClusterHealth restarts(long count, long at, HealthCheck check) {
        if (count == numRestarts) {
            return healthy();
        }
        if (count < numRestarts) {
            return restartsSince(count, at);
        }
        long window = check.restartsWindow().toMillis();
        long elapsed = at - numRestartsEvaluationTimeStamp;
        double inWindow = (count - numRestarts) * Math.min(1.0, (double) window / Math.max(1, elapsed));
        if (inWindow > check.restartsThreshold()) {
            return with(HealthResult.unhealthy((count - numRestarts) + " restarts since "
                    + Instant.ofEpochMilli(numRestartsEvaluationTimeStamp) + ", more than "
                    + check.restartsThreshold() + " in "
                    + check.restartsWindow().toSeconds() + " s"));
        }
        return elapsed > window ? restartsSince(count, at) : healthy();
    }

    private ClusterHealth restartsSince(long count, long at) {
        return new ClusterHealth(
                at,
                count,
                at,
                numCompletedCheckpoints,
                numCompletedCheckpointsIncreasedTimeStamp,
                HealthResult.HEALTHY);
    }

    private ClusterHealth checkpoints(long count, long at, HealthCheck check) {
        if (check.checkpointsWindow().isEmpty()) {
            return this;
        }
        var window = check.checkpointsWindow().get();
        long elapsed = at - numCompletedCheckpointsIncreasedTimeStamp;
        if (count < numCompletedCheckpoints || count > numCompletedCheckpoints && elapsed > window.toMillis() / 4) {
            return new ClusterHealth(at, numRestarts, numRestartsEvaluationTimeStamp, count, at, HealthResult.HEALTHY);
        }
        return count == numCompletedCheckpoints && elapsed > window.toMillis()
                ? with(HealthResult.unhealthy("No completed checkpoints for "
                        + Duration.ofMillis(elapsed).toSeconds() + " s, allowed are " + window.toSeconds() + " s"))
                : this;
    }

    private ClusterHealth healthy() {
        return healthResult.healthy() ? this : with(HealthResult.HEALTHY);
    }

    private ClusterHealth with(HealthResult result) {
        return new ClusterHealth(
                timeStamp,
                numRestarts,
                numRestartsEvaluationTimeStamp,
                numCompletedCheckpoints,
                numCompletedCheckpointsIncreasedTimeStamp,
                result);
    }
}
