package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.ReconciliationState;

/**
 * Whether an attempt that the status does not know the end of had launched: the JobManager Deployment carries the
 * generation that the status recorded. So an operator that was replaced between launch and status write, or the Apache
 * operator, loses nothing and starts nothing twice (S065, S066).
 */
final class Adoption {
    static final String GENERATION = "flinkdeployment.flink.apache.org/generation";

    private Adoption() {}

    /** Whether the status leaves it open that something was launched. */
    static boolean possible(FlinkDeployment resource, Recorded recorded, Situation situation) {
        var status = resource.status();
        return situation.operation().isEmpty()
                && !resource.metadata().deleting()
                && status.reconciliationStatus().state().equals(ReconciliationState.UPGRADING)
                && status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.MISSING)
                && recorded.last(resource).isPresent();
    }

    /** Whether these are the objects of the attempt that the status records. */
    static boolean launched(FlinkDeployment resource, ClusterObjects objects) {
        return objects.jobManager()
                .filter(manager -> ofRecordedGeneration(resource.status(), manager))
                .isPresent();
    }

    /** Whether a JobManager Deployment stays, and was made from the generation that the status records. */
    static boolean ofRecordedGeneration(FlinkDeploymentStatus status, JsonNode manager) {
        var generation =
                manager.path("metadata").path("annotations").path(GENERATION).asText();
        return !leaving(manager)
                && generation.equals(String.valueOf(status.observedGeneration().orElse(-1L)));
    }

    /** Whether a JobManager Deployment is being deleted. */
    static boolean leaving(JsonNode manager) {
        return manager.path("metadata").has("deletionTimestamp");
    }
}
