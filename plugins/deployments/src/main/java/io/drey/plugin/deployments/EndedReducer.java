package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.ReconciliationStatus;
import io.drey.spi.resource.TaskManagerInfo;
import java.util.List;
import java.util.Optional;

/** What an operation that ended leaves behind: something launched, something suspended, or nothing at all. */
final class EndedReducer {
    private final Recorded recorded;

    EndedReducer(Recorded recorded) {
        this.recorded = recorded;
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        var operation = turn.before().orElseThrow();
        if (operation.cause() == Cause.DELETE) {
            return resource;
        }
        var spec = (FlinkDeploymentSpec)
                turn.situation().target(operation).orElseThrow().spec();
        if (operation.inPlace()) {
            return rescaled(resource, spec, operation, turn, events);
        }
        if (operation.launch()) {
            events.add(Announcements.submit());
            return switch (operation.cause()) {
                case ROLLBACK, RECOVER, RESTART_FAILED, RESTART_UNHEALTHY -> restarted(resource, spec, operation, turn);
                case DELETE, CREATE, CHANGE, RESCALE, HALT -> launched(resource, spec, operation, turn);
            };
        }
        return operation.cause() == Cause.CREATE ? neverLaunched(resource) : suspended(resource, spec, operation, turn);
    }

    private FlinkDeployment launched(
            FlinkDeployment resource, FlinkDeploymentSpec spec, Operation operation, Turn turn) {
        boolean first = operation.cause() == Cause.CREATE;
        var text = recorded.write(
                spec,
                JobState.RUNNING,
                operation.knownRestore(),
                first,
                first ? Optional.empty() : recorded.deployed(resource));
        return running(resource, spec, operation, turn, reconciled(resource.status(), text, operation, turn));
    }

    /** What runs goes on as it is, and has another parallelism, or had it already. */
    private FlinkDeployment rescaled(
            FlinkDeployment resource, FlinkDeploymentSpec spec, Operation operation, Turn turn, List<Event> events) {
        if (operation.phase() == Phase.LAUNCHING) {
            events.add(Event.normal("Job", "Scaling", "In-place scaling triggered"));
        }
        var text = recorded.rescaled(spec, recorded.deployed(resource));
        return resource.withStatus(
                reconciled(resource.status(), text, operation, turn).build());
    }

    /** What was deployed, or was stable, runs again: no spec was carried out. */
    private FlinkDeployment restarted(
            FlinkDeployment resource, FlinkDeploymentSpec spec, Operation operation, Turn turn) {
        boolean rollback = operation.cause() == Cause.ROLLBACK;
        var reconciliation = recorded.restarted(resource, operation.knownRestore())
                .withReconciliationTimestamp(turn.situation().now().toEpochMilli());
        var builder = resource.status().toBuilder()
                .reconciliationStatus(
                        rollback ? reconciliation.withState(ReconciliationState.ROLLED_BACK) : reconciliation);
        // Why it was rolled back is to be read as long as it is.
        if (!rollback) {
            builder.error(Optional.empty());
        }
        return running(resource, spec, operation, turn, builder);
    }

    private static FlinkDeployment running(
            FlinkDeployment resource,
            FlinkDeploymentSpec spec,
            Operation operation,
            Turn turn,
            FlinkDeploymentStatus.Builder builder) {
        builder.jobManagerDeploymentStatus(JobManagerDeploymentStatus.DEPLOYING).taskManager(Optional.empty());
        if (spec.job().isPresent()) {
            var job = resource.status().jobStatus().toBuilder().state(Optional.of(FlinkJobState.RECONCILING));
            Optional.ofNullable(operation.results().get(Operation.JOB_ID)).ifPresent(id -> job.jobId(Optional.of(id)));
            var config = turn.situation()
                    .config()
                    .with(new FlinkConfig(spec.flinkConfiguration().flatten()));
            builder.jobStatus(job.build()).taskManager(Optional.of(TaskManagers.of(resource, spec, config)));
        }
        return resource.withStatus(builder.build());
    }

    private FlinkDeployment suspended(
            FlinkDeployment resource, FlinkDeploymentSpec spec, Operation operation, Turn turn) {
        var text =
                recorded.write(spec, JobState.SUSPENDED, operation.knownRestore(), false, recorded.deployed(resource));
        var builder = reconciled(resource.status(), text, operation, turn);
        return resource.withStatus(builder.reconciliationStatus(
                        reconciliation(resource.status(), text, turn).withLastStableSpec(text))
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING)
                .jobStatus(resource.status().jobStatus().withState(FlinkJobState.FINISHED))
                .taskManager(Optional.of(TaskManagerInfo.EMPTY))
                .build());
    }

    /** Suspended before its first launch: as if it had been created so, and the next launch is its first one. */
    private static FlinkDeployment neverLaunched(FlinkDeployment resource) {
        var reconciliation = resource.status().reconciliationStatus();
        return resource.withStatus(resource.status().toBuilder()
                .reconciliationStatus(new ReconciliationStatus(
                        reconciliation.reconciliationTimestamp(),
                        Optional.empty(),
                        Optional.empty(),
                        ReconciliationState.UPGRADING,
                        reconciliation.unknown()))
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING)
                .error(Optional.empty())
                .build());
    }

    private static FlinkDeploymentStatus.Builder reconciled(
            FlinkDeploymentStatus status, String text, Operation operation, Turn turn) {
        var reconciliation = reconciliation(status, text, turn);
        // The user asked for this state in so many words: there is nothing better to roll back to.
        var redeployed = operation.chosenBy().equals(DeploymentChange.REDEPLOY);
        return status.toBuilder()
                .reconciliationStatus(redeployed ? reconciliation.withLastStableSpec(text) : reconciliation)
                .observedGeneration(Optional.of(operation.generation()))
                .error(Optional.empty());
    }

    private static ReconciliationStatus reconciliation(FlinkDeploymentStatus status, String text, Turn turn) {
        return status.reconciliationStatus()
                .withLastReconciledSpec(text)
                .withState(ReconciliationState.DEPLOYED)
                .withReconciliationTimestamp(turn.situation().now().toEpochMilli());
    }
}
