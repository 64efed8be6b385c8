package io.drey.plugin.recovery;

import io.drey.spi.SpecDiff;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A spec that was deployed, is not stable, and can be rolled back.
 *
 * @param over how long from now it has to become well; not positive when its time is over
 * @param why it is in trouble, as the end of a sentence about it
 */
record Trouble(Duration over, String why) {
    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.ROLLBACK;
    private static final ConfigKey<Duration> READINESS = OperatorKeys.READINESS_TIMEOUT;

    /** Empty when all is well, or for the moment so, or there is nothing to go back to. */
    static Optional<Trouble> of(Run run, FlinkDeploymentSpec stable) {
        if (!possible(run, stable) || well(run)) {
            return Optional.empty();
        }
        if (run.is(FlinkJobState.FAILED)) {
            return Optional.of(new Trouble(Duration.ZERO, "failed" + error(run)));
        }
        var timeout = run.situation().config().orFallback(READINESS);
        var launched = Instant.ofEpochMilli(run.status().reconciliationStatus().reconciliationTimestamp());
        var over = Duration.between(run.situation().now(), launched.plus(timeout));
        return Optional.of(
                new Trouble(over, "was not stable within " + timeout.toSeconds() + " s: " + state(run) + error(run)));
    }

    private static boolean possible(Run run, FlinkDeploymentSpec stable) {
        var reconciliation = run.status().reconciliationStatus();
        boolean stableRan =
                stable.job().map(job -> job.state().equals(JobState.RUNNING)).orElse(true);
        return run.situation().config().orFallback(ENABLED)
                && run.situation().diff().type() == SpecDiff.Type.IGNORE
                && reconciliation.state().equals(ReconciliationState.DEPLOYED)
                && !reconciliation.stable()
                && stableRan
                && stable.flinkVersion().equals(run.spec().flinkVersion());
    }

    /** A job whose tasks run may become stable yet, and one that came to an end as it should is. */
    private static boolean well(Run run) {
        return run.is(FlinkJobState.RUNNING) && tasksRun(run)
                || run.is(FlinkJobState.FINISHED)
                || run.is(FlinkJobState.CANCELED)
                || run.session() && run.is(JobManagerDeploymentStatus.READY);
    }

    private static boolean tasksRun(Run run) {
        return run.listed()
                .map(job -> job.tasksRun(run.situation().deployedConfig()))
                .orElse(true);
    }

    private static String state(Run run) {
        return "the JobManager is " + run.status().jobManagerDeploymentStatus()
                + run.status()
                        .jobStatus()
                        .state()
                        .filter(state -> !run.session())
                        .map(state -> ", the job " + state)
                        .orElse("");
    }

    private static String error(Run run) {
        return run.status()
                .error()
                .map(ErrorText::of)
                .or(() -> podsInTrouble(run))
                .map(text -> ": " + text)
                .orElse("");
    }

    private static Optional<String> podsInTrouble(Run run) {
        return run.status().conditions().stream()
                .filter(condition -> condition.type().equals("Degraded") && condition.holds())
                .map(Condition::message)
                .findFirst();
    }
}
