package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.JobStatus;
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
    private static final FlinkJobState CANCELLING = new FlinkJobState("CANCELLING");

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
            case DELETE -> deleting(resource, operation);
            case CREATE -> inFlight(resource, operation, turn);
            case CHANGE, HALT ->
                stopped(operation) ? inFlight(resource, operation, turn) : stopping(resource, operation);
            case RESCALE -> resource;
            case ROLLBACK -> begun(operation, turn) ? rollingBack(resource, operation) : resource;
            case RECOVER, RESTART_FAILED, RESTART_UNHEALTHY ->
                stopped(operation) ? restarting(resource, operation) : resource;
        };
    }

    /** Whether what ran is gone, or has at least ended and left its state. */
    private static boolean stopped(Operation operation) {
        return operation.phase().compareTo(Phase.STOPPED) >= 0
                || operation.stop().saves() && operation.saved();
    }

    /** Whether what ran is being taken down, or gone. */
    private static boolean begun(Operation operation, Turn turn) {
        return stopped(operation)
                || turn.situation()
                        .facts()
                        .find(ClusterObjects.TYPE)
                        .filter(objects -> !objects.untouched())
                        .isPresent();
    }

    /** The rejected spec stays recorded, with how the stable one is started; the error that led here stays too. */
    private FlinkDeployment rollingBack(FlinkDeployment resource, Operation operation) {
        var status = resource.status();
        var restarting = restarting(resource, operation).status();
        return resource.withStatus(restarting.toBuilder()
                .reconciliationStatus(restarting.reconciliationStatus().withState(ReconciliationState.ROLLING_BACK))
                .jobStatus(
                        status.jobStatus().state().isPresent()
                                ? restarting.jobStatus().withState(FlinkJobState.FINISHED)
                                : restarting.jobStatus())
                .build());
    }

    /** Nothing runs, and what was deployed is to run again: nothing else has changed. */
    private FlinkDeployment restarting(FlinkDeployment resource, Operation operation) {
        var builder = Jobs.unknown(resource.status()).toBuilder()
                .reconciliationStatus(recorded.restarted(resource, operation.knownRestore()))
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        if (operation.results().containsKey(Operation.JOB_ID)) {
            var before = Jobs.unknown(resource.status()).jobStatus();
            var job = before.toBuilder();
            if (operation.restore().mode() != RestoreMode.NONE) {
                job.upgradeSavepointPath(restoredFrom(operation, before));
            }
            if (operation.phase() == Phase.LAUNCHING) {
                runs(job, before, operation.results().get(Operation.JOB_ID));
            }
            builder.taskManager(Optional.of(TaskManagerInfo.EMPTY)).jobStatus(job.build());
        }
        return resource.withStatus(builder.build());
    }

    private static FlinkDeployment deleting(FlinkDeployment resource, Operation operation) {
        var status = resource.status().withLifecycleState(LifecycleState.DELETING);
        var saved = Optional.ofNullable(operation.results().get(Operation.SAVEPOINT))
                .filter(path -> !path.isEmpty());
        return resource.withStatus(
                saved.map(path -> status.withJobStatus(status.jobStatus().withUpgradeSavepointPath(path)))
                        .orElse(status));
    }

    /** A job that is being cancelled for its checkpoint is one whose next launch is decided when it has ended. */
    private FlinkDeployment stopping(FlinkDeployment resource, Operation operation) {
        var deployed = recorded.deployed(resource);
        if (operation.stop().mode() != StopMode.CHECKPOINT
                || operation.phase() != Phase.STOPPING
                || deployed.isEmpty()
                || Jobs.ended(resource.status())) {
            return resource;
        }
        var text = recorded.write(deployed.get(), JobState.RUNNING, operation.restore(), false, deployed);
        var status = resource.status();
        return resource.withStatus(status.toBuilder()
                .reconciliationStatus(status.reconciliationStatus()
                        .withLastReconciledSpec(text)
                        .withState(ReconciliationState.UPGRADING))
                .jobStatus(status.jobStatus().withState(CANCELLING))
                .build());
    }

    /** Nothing runs, and what is to run is recorded as suspended. */
    private FlinkDeployment inFlight(FlinkDeployment resource, Operation operation, Turn turn) {
        var spec = turn.situation().target(operation).map(target -> (FlinkDeploymentSpec) target.spec());
        if (spec.isEmpty()) {
            return resource;
        }
        var status = resource.status();
        boolean first = operation.cause() == Cause.CREATE;
        var text = recorded.write(
                spec.get(),
                JobState.SUSPENDED,
                operation.knownRestore(),
                first,
                first ? Optional.empty() : recorded.deployed(resource));
        var reconciliation = status.reconciliationStatus();
        boolean changed = !reconciliation.lastReconciledSpec().equals(Optional.of(text))
                || !reconciliation.state().equals(ReconciliationState.UPGRADING);
        var builder = status.toBuilder().observedGeneration(Optional.of(operation.generation()));
        if (first || operation.phase().compareTo(Phase.STOPPED) >= 0) {
            builder.jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        }
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
            if (operation.restore().mode() != RestoreMode.NONE) {
                job.upgradeSavepointPath(restoredFrom(operation, status.jobStatus()));
            } else if (operation.phase() == Phase.LAUNCHING) {
                // What the job before had saved is given up: a later upgrade must not start from it.
                job.upgradeSavepointPath(Optional.empty());
            }
            if (first || operation.phase() == Phase.LAUNCHING) {
                Optional.ofNullable(operation.results().get(Operation.JOB_ID))
                        .ifPresent(id -> runs(job, status.jobStatus(), id));
            }
            builder.jobStatus(job.build());
        }
        return resource.withStatus(builder.build());
    }

    /** A job that is new has not started yet; one that goes on has. */
    private static void runs(JobStatus.Builder job, JobStatus before, String id) {
        if (!before.jobId().equals(Optional.of(id))) {
            job.startTime(Optional.empty());
        }
        job.jobId(Optional.of(id));
    }

    private static Optional<String> restoredFrom(Operation operation, JobStatus before) {
        if (operation.restore().mode() != RestoreMode.HIGH_AVAILABILITY) {
            return operation.restorePath();
        }
        return operation.results().containsKey(Operation.CHECKPOINT_ID)
                ? Optional.of(JobStatus.LAST_STATE)
                : before.upgradeSavepointPath();
    }
}
