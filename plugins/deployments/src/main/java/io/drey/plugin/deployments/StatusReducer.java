package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Reduction;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkDeployment;
import java.util.ArrayList;
import java.util.List;

/**
 * The status after a pass. Each part has a reducer of its own, and they run in a fixed order: what the operation did,
 * what was observed, what is wrong, and what all this is called.
 */
final class StatusReducer {
    private final OperationReducer operations;
    private final ClusterReducer cluster;
    private final ErrorReducer errors = new ErrorReducer();
    private final SummaryReducer summary;

    StatusReducer(Recorded recorded, PodProblemsPart problems) {
        this.operations = new OperationReducer(recorded);
        this.cluster = new ClusterReducer(recorded);
        this.summary = new SummaryReducer(recorded, problems);
    }

    Reduction<FlinkDeployment> reduce(FlinkDeployment resource, Turn turn) {
        List<Event> events = new ArrayList<>();
        boolean held =
                turn.after().isEmpty() && resource.status().heldOperation().isPresent();
        var reduced = held ? resource : operations.reduce(resource, turn, events);
        if (factsCount(turn)) {
            reduced = cluster.reduce(reduced, turn, events);
        }
        reduced = errors.reduce(reduced, turn, events);
        return new Reduction<>(summary.reduce(reduced, turn, events), events);
    }

    /**
     * Once the cluster is being replaced or taken down, what is seen of it says nothing about the resource. Nor does what
     * was seen before a job was told to stop.
     */
    private static boolean factsCount(Turn turn) {
        return !turn.ended()
                && turn.outcomes().keySet().stream().noneMatch(Step.StopJob.class::isInstance)
                && turn.after()
                        .map(operation -> beforeStop(operation) && untouched(turn))
                        .orElse(true);
    }

    private static boolean beforeStop(Operation operation) {
        return operation.inPlace()
                || operation.phase().compareTo(Phase.STOPPED) < 0
                        && operation.cause() != Cause.CREATE
                        && operation.cause() != Cause.DELETE;
    }

    /** Whether the cluster is not being deleted yet: its absence would be our own doing. */
    private static boolean untouched(Turn turn) {
        return turn.situation()
                .facts()
                .find(ClusterObjects.TYPE)
                .flatMap(ClusterObjects::jobManager)
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp"))
                .isPresent();
    }
}
