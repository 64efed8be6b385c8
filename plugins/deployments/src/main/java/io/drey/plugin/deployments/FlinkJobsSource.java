package io.drey.plugin.deployments;

import io.drey.spi.FactSource;
import io.drey.spi.Situation;
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
 * Reads what the poller saw of the JobManager: very often when something has just begun, often while it is under way,
 * rarely when all is well.
 */
final class FlinkJobsSource implements FactSource<FlinkJobs> {
    private static final Duration EAGER = Duration.ofMillis(250);
    private static final Duration BUSY = Duration.ofMillis(500);
    private static final Duration QUIET = Duration.ofSeconds(5);
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
        if (quiet(resource, situation)) {
            return QUIET;
        }
        var began = situation
                .operation()
                .map(Operation::phaseAt)
                .orElseGet(() -> Instant.ofEpochMilli(
                        resource.status().reconciliationStatus().reconciliationTimestamp()));
        return began.plus(BEGINNING).isAfter(situation.now()) ? EAGER : BUSY;
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
