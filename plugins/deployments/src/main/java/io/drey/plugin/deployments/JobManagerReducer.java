package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import java.util.List;
import java.util.Optional;

/** {@code jobManagerDeploymentStatus}, and what is wrong when it is {@code MISSING} or {@code ERROR}. */
final class JobManagerReducer {
    private static final String COMPONENT = "JobManagerDeployment";
    private static final String MISSING = "Missing JobManager deployment";

    private JobManagerReducer() {}

    /** @param flink empty when nobody has asked the JobManager yet */
    static FlinkDeploymentStatus reduce(
            FlinkDeploymentStatus status, ClusterObjects objects, Optional<FlinkJobs> flink, List<Event> events) {
        if (objects.jobManager().isEmpty()) {
            return missing(status, events);
        }
        if (available(objects.jobManager().get())) {
            boolean ready = status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)
                    || flink.filter(seen -> seen.reach() == Reach.SERVING).isPresent();
            return status.withJobManagerDeploymentStatus(
                    ready ? JobManagerDeploymentStatus.READY : JobManagerDeploymentStatus.DEPLOYED_NOT_READY);
        }
        return PodTrouble.of(objects)
                .map(trouble -> failed(status, trouble, events))
                .orElseGet(() -> status.withJobManagerDeploymentStatus(JobManagerDeploymentStatus.DEPLOYING));
    }

    static boolean available(JsonNode deployment) {
        return deployment.path("spec").path("replicas").asInt(1) > 0
                && deployment.path("status").path("availableReplicas").asInt() > 0;
    }

    /** Told once: as long as it lasts, other things can be done, such as mending the spec. */
    private static FlinkDeploymentStatus failed(FlinkDeploymentStatus status, PodTrouble trouble, List<Event> events) {
        var failed = Jobs.unknown(status).withJobManagerDeploymentStatus(JobManagerDeploymentStatus.ERROR);
        if (status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.ERROR)) {
            return failed;
        }
        events.add(Event.warning(COMPONENT, trouble.reason(), trouble.message()));
        return failed.withError(ErrorJson.deploymentFailed(trouble.reason(), trouble.message()));
    }

    private static FlinkDeploymentStatus missing(FlinkDeploymentStatus status, List<Event> events) {
        var before = status.jobManagerDeploymentStatus();
        var missing = Jobs.unknown(status).withJobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        if (before.equals(JobManagerDeploymentStatus.MISSING) || before.equals(JobManagerDeploymentStatus.ERROR)) {
            return missing;
        }
        events.add(Event.warning(COMPONENT, "Missing", MISSING));
        return missing.withError(ErrorJson.missingJobManager(MISSING));
    }
}
