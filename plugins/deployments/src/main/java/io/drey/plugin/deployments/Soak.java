package io.drey.plugin.deployments;

import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ReconciliationState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long the tasks of a job must run before its spec counts as stable, where there is an older stable one to roll back to: one that
 * ran for a moment only must not take its place. Without rollback, as in the Apache operator, no time at all.
 */
final class Soak {
    private static final ConfigKey<Boolean> ROLLBACK = OperatorKeys.ROLLBACK;
    private static final ConfigKey<Duration> WINDOW = OperatorKeys.STABILITY_WINDOW;

    private Soak() {}

    /** Whether a spec that was launched is not known to be good yet, and there is one to roll back to. */
    static boolean applies(
            FlinkDeploymentStatus status,
            Optional<LastReconciledSpec<FlinkDeploymentSpec>> stable,
            FlinkConfig config) {
        var reconciliation = status.reconciliationStatus();
        return config.orFallback(ROLLBACK)
                && !reconciliation.stable()
                && reconciliation.state().equals(ReconciliationState.DEPLOYED)
                && stable.filter(record -> Recorded.running(record.spec())).isPresent();
    }

    /** How long the tasks of the job that runs must go on running; empty when nothing is waited for. */
    static Optional<Duration> remaining(
            FlinkDeploymentStatus status,
            Optional<LastReconciledSpec<FlinkDeploymentSpec>> stable,
            Situation situation) {
        if (!Jobs.running(status) || !applies(status, stable, situation.config())) {
            return Optional.empty();
        }
        var window = situation.config().orFallback(WINDOW);
        var now = situation.now();
        var tasksRunSince = SoakPart.tasksRunSince(status);
        boolean tasksRun = Jobs.listed(situation, status)
                .map(job -> job.tasksRun(situation.deployedConfig()))
                .orElse(true);
        return Stream.concat(tasksRunSince.stream(), status.jobStatus().updatedAt().stream())
                .filter(time -> tasksRun && tasksRunSince.isPresent() && !time.isAfter(now))
                .max(Instant::compareTo)
                .map(since -> Duration.between(now, since.plus(window)))
                .or(() -> Optional.of(window))
                .filter(Duration::isPositive);
    }
}
