package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.SpecDiff;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import java.util.List;
import java.util.Optional;

/** No operation: an attempt that had launched is adopted, and an edit that touches nothing is noted as seen. */
final class RestingReducer {
    private final Recorded recorded;
    private final RolledBack rolledBack;

    RestingReducer(Recorded recorded) {
        this.recorded = recorded;
        this.rolledBack = new RolledBack(recorded, new SpecDiffs(recorded.mapper()));
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        boolean adopted = Adoption.possible(resource, recorded, turn.situation())
                && turn.situation()
                        .facts()
                        .find(ClusterObjects.TYPE)
                        .filter(objects -> Adoption.launched(resource, objects))
                        .isPresent();
        if (adopted) {
            return adopted(resource, turn);
        }
        var generation = resource.metadata().generation();
        if (!settled(resource, turn) || resource.status().observedGeneration().equals(Optional.of(generation))) {
            return resource;
        }
        if (Recorded.rolledBack(resource)) {
            var calm =
                    RolledBack.reverted(turn.situation()) ? rolledBack.accepted(resource, turn.situation()) : resource;
            return calm.withStatus(calm.status().withObservedGeneration(generation));
        }
        if (turn.situation().diff().type() != SpecDiff.Type.IGNORE) {
            // Edited while suspended: carried out by the resume.
            events.add(Announcements.specChanged(turn));
        }
        return resource.withStatus(resource.status().withObservedGeneration(generation));
    }

    /** Whether the spec as it is calls for nothing. Where an operation was let go of, that is not known yet. */
    private boolean settled(FlinkDeployment resource, Turn turn) {
        return turn.before().isEmpty()
                && turn.situation().violations().isEmpty()
                && turn.problem().isEmpty()
                && turn.waiting().isEmpty()
                && !resource.metadata().deleting()
                && !resource.status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING)
                && recorded.last(resource).isPresent();
    }

    private FlinkDeployment adopted(FlinkDeployment resource, Turn turn) {
        var last = recorded.last(resource).orElseThrow();
        var spec = last.spec();
        var running = spec.job()
                .map(job -> spec.withJob(job.withState(JobState.RUNNING)))
                .orElse(spec);
        var status = resource.status();
        return resource.withStatus(status.toBuilder()
                .reconciliationStatus(status.reconciliationStatus()
                        .withLastReconciledSpec(recorded.mapper().writeRecorded(last.withSpec(running)))
                        .withState(ReconciliationState.DEPLOYED)
                        .withReconciliationTimestamp(turn.situation().now().toEpochMilli()))
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.DEPLOYING)
                .jobStatus(
                        spec.job().isPresent()
                                ? status.jobStatus().withState(FlinkJobState.RECONCILING)
                                : status.jobStatus())
                .taskManager(spec.job()
                        .map(job ->
                                TaskManagers.of(resource, spec, turn.situation().deployedConfig())))
                .error(Optional.empty())
                .build());
    }
}
