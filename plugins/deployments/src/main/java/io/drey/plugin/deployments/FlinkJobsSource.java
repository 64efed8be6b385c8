package io.drey.plugin.deployments;

import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.ReconciliationState;
import java.time.Duration;
import java.time.Instant;

/**
 * Reads the poller's view of the JobManager. It is polled very often when something has just begun, often while that is
 * under way, every few seconds when all is well, and less often once a job has been stable for an hour. Events of its pods
 * bring the next poll forward.
 */
final class FlinkJobsSource implements FactSource<FlinkJobs> {
    private static final Duration EAGER = Duration.ofMillis(250);
    private static final Duration BUSY = Duration.ofMillis(500);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration STABLE_AFTER = Duration.ofHours(1);
    private static final ConfigKey<Duration> STABLE = OperatorKeys.RECONCILE_INTERVAL;
    private static final Duration BEGINNING = Duration.ofMinutes(2);

    @Override
    public FactType<FlinkJobs> factType() {
        return FlinkJobs.TYPE;
    }

    @Override
    public boolean when(Situation situation) {
        return situation.resource() instanceof FlinkDeployment resource
                && (situation.operation().isPresent()
                        || !resource.status().jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.MISSING))
                && situation
                        .deployed()
                        .map(deployed -> Recorded.running((FlinkDeploymentSpec) deployed.spec()))
                        .orElse(false);
    }

    @Override
    public FlinkJobs read(ObserveContext context) {
        var resource = (FlinkDeployment) context.resource();
        var flink = FlinkRef.of(resource.ref(), context.situation().deployedConfig());
        var polled = context.flink(flink, pace(resource, context.situation()));
        if (polled.at().equals(Instant.MIN)) {
            // After a start of the operator: not known is not unreachable. The first answer enqueues the resource.
            throw new MissingFact(FlinkJobs.TYPE);
        }
        return polled.jobs();
    }

    private static Duration pace(FlinkDeployment resource, Situation situation) {
        var began = situation.operation().map(Operation::phaseAt).orElseGet(() -> reconciledAt(resource));
        boolean goesOn = ProgressConditions.reconciling(resource.status());
        if (quiet(resource, situation) && !(goesOn && began.plus(BEGINNING).isAfter(situation.now()))) {
            return !goesOn && stable(resource, situation) ? stablePace(situation) : QUIET;
        }
        return began.plus(BEGINNING).isAfter(situation.now()) ? EAGER : BUSY;
    }

    private static Instant reconciledAt(FlinkDeployment resource) {
        return Instant.ofEpochMilli(resource.status().reconciliationStatus().reconciliationTimestamp());
    }

    private static Duration stablePace(Situation situation) {
        var configured = situation.config().orFallback(STABLE);
        return configured.compareTo(QUIET) < 0 ? QUIET : configured;
    }

    /** Whether neither the deployment nor the job's state has changed for long. */
    private static boolean stable(FlinkDeployment resource, Situation situation) {
        var since = situation.now().minus(STABLE_AFTER);
        return reconciledAt(resource).isBefore(since)
                && resource.status()
                        .jobStatus()
                        .updatedAt()
                        .filter(time -> !time.isBefore(since))
                        .isEmpty();
    }

    private static boolean quiet(FlinkDeployment resource, Situation situation) {
        var status = resource.status();
        return situation.operation().isEmpty()
                && status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)
                && (resource.spec().job().isEmpty() || Jobs.running(status) && settled(status) || Jobs.ended(status));
    }

    /** Whether a job that runs was seen to do so for some time, or was rolled back to. */
    private static boolean settled(FlinkDeploymentStatus status) {
        return status.reconciliationStatus().stable()
                || !status.reconciliationStatus().state().equals(ReconciliationState.DEPLOYED);
    }
}
