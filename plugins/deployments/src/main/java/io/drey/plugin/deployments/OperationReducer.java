package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.LifecycleState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.TaskManagerInfo;
import java.util.List;
import java.util.Optional;

/**
 * Projects an operation on the fields of the contract. In the middle of one they show only what the Apache operator could
 * have written itself and can go on from.
 */
final class OperationReducer {
    private final Recorded recorded;
    private final EndedReducer ended;
    private final RestingReducer resting;

    OperationReducer(Recorded recorded) {
        this.recorded = recorded;
        this.ended = new EndedReducer(recorded);
        this.resting = new RestingReducer(recorded);
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        Announcements.announce(turn, events);
        FlinkDeployment reduced;
        if (turn.ended()) {
            reduced = ended.reduce(resource, turn, events);
        } else if (turn.after().isPresent()) {
            reduced = running(resource, turn.after().get(), turn);
        } else {
            reduced = resting.reduce(resource, turn, events);
        }
        return reduced.withStatus(
                reduced.status().toBuilder().operation(turn.after()).build());
    }

    private FlinkDeployment running(FlinkDeployment resource, Operation operation, Turn turn) {
        return switch (operation.cause()) {
            case DELETE -> resource.withStatus(resource.status().withLifecycleState(LifecycleState.DELETING));
            case CREATE -> inFlight(resource, operation, turn);
            case CHANGE, ROLLBACK, RECOVER, RESTART_FAILED, RESTART_UNHEALTHY ->
                operation.phase().compareTo(Phase.STOPPED) < 0 ? resource : inFlight(resource, operation, turn);
        };
    }

    /** Nothing runs, and what is to run is recorded as suspended. */
    private FlinkDeployment inFlight(FlinkDeployment resource, Operation operation, Turn turn) {
        var spec = turn.situation().admitted().map(admitted -> (FlinkDeploymentSpec) admitted.spec());
        if (spec.isEmpty()) {
            return resource;
        }
        var status = resource.status();
        boolean first = operation.cause() == Cause.CREATE;
        var text = recorded.write(
                spec.get(),
                JobState.SUSPENDED,
                operation.restore(),
                first,
                first ? Optional.empty() : recorded.deployed(resource));
        var reconciliation = status.reconciliationStatus();
        boolean changed = !reconciliation.lastReconciledSpec().equals(Optional.of(text))
                || !reconciliation.state().equals(ReconciliationState.UPGRADING);
        var builder = status.toBuilder()
                .observedGeneration(Optional.of(operation.generation()))
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        if (changed) {
            builder.reconciliationStatus(reconciliation
                            .withLastReconciledSpec(text)
                            .withState(ReconciliationState.UPGRADING)
                            .withReconciliationTimestamp(turn.situation().now().toEpochMilli()))
                    .error(Optional.empty());
        }
        if (spec.get().job().isPresent()) {
            builder.taskManager(Optional.of(TaskManagerInfo.EMPTY));
            var job = status.jobStatus().toBuilder();
            if (!first) {
                job.state(Optional.of(FlinkJobState.FINISHED));
            }
            operation.restore().path().ifPresent(path -> job.upgradeSavepointPath(Optional.of(path)));
            if (first || operation.phase() == Phase.LAUNCHING) {
                Optional.ofNullable(operation.results().get("jobId")).ifPresent(id -> job.jobId(Optional.of(id)));
            }
            builder.jobStatus(job.build());
        }
        return resource.withStatus(builder.build());
    }
}
