package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.LifecycleState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.TaskManagerInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Projects an operation on the fields of the contract. In the middle of one they show only what the Apache operator could
 * have written itself and can go on from.
 */
final class OperationReducer {
    private static final TaskManagerInfo NO_TASK_MANAGERS = new TaskManagerInfo("", 0, Map.of());
    private static final ConfigKey<Integer> SLOTS = ConfigKey.integer("taskmanager.numberOfTaskSlots", 1);

    private final Recorded recorded;

    OperationReducer(Recorded recorded) {
        this.recorded = recorded;
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        announce(resource, turn, events);
        var reduced = resource;
        if (turn.ended()) {
            reduced = ended(resource, turn.before().orElseThrow(), turn, events);
        } else if (turn.after().isPresent()) {
            reduced = running(resource, turn.after().get(), turn);
        } else {
            reduced = resting(resource, turn);
        }
        return reduced.withStatus(
                reduced.status().toBuilder().operation(turn.after()).build());
    }

    /** What the user is told when an operation begins or takes another turn. */
    private static void announce(FlinkDeployment resource, Turn turn, List<Event> events) {
        if (turn.after().isEmpty()) {
            return;
        }
        var operation = turn.after().get();
        boolean turned = turn.before()
                .map(before -> before.cause() != operation.cause() || before.generation() != operation.generation())
                .orElse(true);
        if (!turned) {
            return;
        }
        switch (operation.cause()) {
            case CHANGE -> {
                var diff = turn.situation().diff();
                if (!diff.isEmpty()) {
                    events.add(Event.normal("JobManagerDeployment", "SpecChanged", specChanged(diff))
                            .onceFor("SpecChange: " + resource.metadata().generation()));
                }
                if (turn.before().isEmpty() && operation.stop().mode() != StopMode.NONE) {
                    events.add(Event.normal("JobManagerDeployment", "Suspended", "Suspending existing deployment."));
                }
            }
            case DELETE -> events.add(Event.normal("Operator", "Cleanup", "Cleaning up FlinkDeployment"));
            case CREATE, ROLLBACK, RECOVER, RESTART_FAILED, RESTART_UNHEALTHY -> {}
        }
    }

    private static String specChanged(SpecDiff diff) {
        return diff.type() + " change(s) detected (FlinkDeploymentSpec[" + diff.describe()
                + "]), starting reconciliation.";
    }

    private FlinkDeployment running(FlinkDeployment resource, Operation operation, Turn turn) {
        return switch (operation.cause()) {
            case DELETE -> resource.withStatus(resource.status().withLifecycleState(LifecycleState.DELETING));
            case CREATE -> inFlight(resource, operation, turn, true);
            case CHANGE, ROLLBACK, RECOVER, RESTART_FAILED, RESTART_UNHEALTHY ->
                operation.phase().compareTo(Phase.STOPPED) < 0 ? resource : inFlight(resource, operation, turn, false);
        };
    }

    /** Nothing runs, and what is to run is recorded as suspended. */
    private FlinkDeployment inFlight(FlinkDeployment resource, Operation operation, Turn turn, boolean first) {
        var spec = target(turn);
        if (spec.isEmpty()) {
            return resource;
        }
        var status = resource.status();
        var earlier = first ? Optional.<FlinkDeploymentSpec>empty() : recorded.deployed(resource);
        var text = recorded.write(spec.get(), JobState.SUSPENDED, operation.restore(), first, earlier);
        boolean changed =
                !text.equals(status.reconciliationStatus().lastReconciledSpec().orElse(""))
                        || !status.reconciliationStatus().state().equals(ReconciliationState.UPGRADING);
        var builder = status.toBuilder();
        if (changed) {
            builder.reconciliationStatus(status.reconciliationStatus()
                    .withLastReconciledSpec(text)
                    .withState(ReconciliationState.UPGRADING)
                    .withReconciliationTimestamp(turn.situation().now().toEpochMilli()));
            builder.error(Optional.empty());
        }
        builder.observedGeneration(Optional.of(operation.generation()));
        builder.jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        if (spec.get().job().isPresent()) {
            builder.taskManager(Optional.of(NO_TASK_MANAGERS));
            var job = status.jobStatus().toBuilder();
            if (!first) {
                job.state(Optional.of(FlinkJobState.FINISHED));
            }
            operation.restore().path().ifPresent(path -> job.upgradeSavepointPath(Optional.of(path)));
            if (operation.phase() == Phase.LAUNCHING) {
                Optional.ofNullable(operation.results().get("jobId")).ifPresent(id -> job.jobId(Optional.of(id)));
            }
            builder.jobStatus(job.build());
        }
        return resource.withStatus(builder.build());
    }

    private FlinkDeployment ended(FlinkDeployment resource, Operation operation, Turn turn, List<Event> events) {
        if (operation.cause() == Cause.DELETE) {
            return resource;
        }
        var spec = target(turn).orElseThrow();
        if (operation.launch()) {
            events.add(Event.normal("JobManagerDeployment", "Submit", "Starting deployment"));
            return launched(resource, spec, operation, turn, operation.cause() == Cause.CREATE);
        }
        return suspended(resource, spec, operation, turn);
    }

    private FlinkDeployment launched(
            FlinkDeployment resource, FlinkDeploymentSpec spec, Operation operation, Turn turn, boolean first) {
        var text = recorded.write(
                spec,
                JobState.RUNNING,
                operation.restore(),
                first,
                first ? Optional.empty() : recorded.deployed(resource));
        var job = resource.status().jobStatus().toBuilder();
        var taskManager = Optional.<TaskManagerInfo>empty();
        if (spec.job().isPresent()) {
            job.state(Optional.of(FlinkJobState.RECONCILING));
            Optional.ofNullable(operation.results().get("jobId")).ifPresent(id -> job.jobId(Optional.of(id)));
            taskManager =
                    Optional.of(taskManagers(resource, spec, turn.situation().config()));
        }
        return resource.withStatus(reconciled(resource.status(), text, operation.generation(), turn)
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.DEPLOYING)
                .jobStatus(job.build())
                .taskManager(taskManager)
                .build());
    }

    private FlinkDeployment suspended(
            FlinkDeployment resource, FlinkDeploymentSpec spec, Operation operation, Turn turn) {
        var text = recorded.write(spec, JobState.SUSPENDED, operation.restore(), false, recorded.deployed(resource));
        var builder = reconciled(resource.status(), text, operation.generation(), turn);
        builder.reconciliationStatus(resource.status()
                .reconciliationStatus()
                .withLastReconciledSpec(text)
                .withLastStableSpec(text)
                .withState(ReconciliationState.DEPLOYED)
                .withReconciliationTimestamp(turn.situation().now().toEpochMilli()));
        return resource.withStatus(builder.jobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING)
                .jobStatus(resource.status().jobStatus().withState(FlinkJobState.FINISHED))
                .taskManager(Optional.of(NO_TASK_MANAGERS))
                .build());
    }

    /** No operation: an attempt that had launched is adopted, and an edit that touches nothing is noted as seen. */
    private FlinkDeployment resting(FlinkDeployment resource, Turn turn) {
        if (Adoption.adoptable(resource, recorded, turn.situation())) {
            return adopted(resource, turn);
        }
        var status = resource.status();
        boolean seen = turn.situation().violations().isEmpty()
                && turn.problem().isEmpty()
                && turn.waiting().isEmpty()
                && turn.situation().deployed().isPresent()
                && !turn.situation().deployed().isEmpty()
                && !recorded.neverDeployed(resource)
                && resource.metadata().deletionTimestamp().isEmpty();
        return seen
                ? resource.withStatus(
                        status.withObservedGeneration(resource.metadata().generation()))
                : resource;
    }

    private FlinkDeployment adopted(FlinkDeployment resource, Turn turn) {
        var last = recorded.last(resource).orElseThrow();
        var spec = last.spec();
        var running = spec.job()
                .map(job -> spec.withJob(job.withState(JobState.RUNNING)))
                .orElse(spec);
        var status = resource.status();
        var job = spec.job().isPresent() ? status.jobStatus().withState(FlinkJobState.RECONCILING) : status.jobStatus();
        return resource.withStatus(status.toBuilder()
                .reconciliationStatus(status.reconciliationStatus()
                        .withLastReconciledSpec(recorded.mapper().writeRecorded(last.withSpec(running)))
                        .withState(ReconciliationState.DEPLOYED)
                        .withReconciliationTimestamp(turn.situation().now().toEpochMilli()))
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.DEPLOYING)
                .jobStatus(job)
                .error(Optional.empty())
                .build());
    }

    private static FlinkDeploymentStatus.Builder reconciled(
            FlinkDeploymentStatus status, String recordedSpec, long generation, Turn turn) {
        return status.toBuilder()
                .reconciliationStatus(status.reconciliationStatus()
                        .withLastReconciledSpec(recordedSpec)
                        .withState(ReconciliationState.DEPLOYED)
                        .withReconciliationTimestamp(turn.situation().now().toEpochMilli()))
                .observedGeneration(Optional.of(generation))
                .error(Optional.empty());
    }

    private static Optional<FlinkDeploymentSpec> target(Turn turn) {
        return turn.situation().admitted().map(resource -> (FlinkDeploymentSpec) resource.spec());
    }

    /** As many as {@code parallelism.default} needs, which a launch sets to the job's parallelism. */
    private static TaskManagerInfo taskManagers(
            FlinkDeployment resource, FlinkDeploymentSpec spec, FlinkConfig config) {
        int slots = Math.max(1, config.get(SLOTS));
        int parallelism = spec.job().map(job -> job.parallelism()).orElse(0);
        int replicas = spec.taskManager()
                .flatMap(taskManager -> taskManager.replicas())
                .orElse((parallelism + slots - 1) / slots);
        return new TaskManagerInfo(
                "component=taskmanager,app=" + resource.metadata().name(), replicas, Map.of());
    }
}
