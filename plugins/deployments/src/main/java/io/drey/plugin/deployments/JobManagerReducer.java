package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobManagerSpec;
import java.util.List;
import java.util.Optional;

/** {@code jobManagerDeploymentStatus}, and what is wrong when it is {@code MISSING} or {@code ERROR}. */
final class JobManagerReducer {
    static final String SCALED_TO_ZERO = "ScaledToZero";

    private static final String COMPONENT = "JobManagerDeployment";
    private static final String MISSING = "Missing JobManager deployment";

    private final ErrorJson errors;
    private final boolean messages;

    /** @param messages whether termination messages of containers are used */
    JobManagerReducer(ErrorJson errors, boolean messages) {
        this.errors = errors;
        this.messages = messages;
    }

    /** @param flink empty when nobody has asked the JobManager since it was launched */
    FlinkDeploymentStatus reduce(
            FlinkDeploymentStatus status,
            boolean application,
            ClusterObjects objects,
            Optional<FlinkJobs> flink,
            List<Event> events) {
        if (objects.jobManager().isEmpty()) {
            return missing(status, events);
        }
        var manager = objects.jobManager().get();
        var serving = flink.filter(seen -> seen.reach() == Reach.SERVING);
        if (available(manager)) {
            boolean ready =
                    status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY) || serving.isPresent();
            return status.withJobManagerDeploymentStatus(
                    ready ? JobManagerDeploymentStatus.READY : JobManagerDeploymentStatus.DEPLOYED_NOT_READY);
        }
        var trouble = PodTrouble.of(objects, messages);
        if (trouble.isPresent()) {
            return failed(status, trouble.get(), events);
        }
        boolean ours = serving.filter(seen -> launched(status, application, manager, seen))
                .isPresent();
        return status.withJobManagerDeploymentStatus(
                ours ? JobManagerDeploymentStatus.READY : JobManagerDeploymentStatus.DEPLOYING);
    }

    /**
     * Whether what serves is what the status records as launched: it lists the recorded job, or is a session cluster of
     * the recorded generation. Kubernetes says only a little later that such a JobManager is available, and nothing of
     * one that is being deleted counts.
     */
    private static boolean launched(
            FlinkDeploymentStatus status, boolean application, JsonNode manager, FlinkJobs serving) {
        return application
                ? !Adoption.leaving(manager)
                        && status.jobStatus().jobId().flatMap(serving::job).isPresent()
                : Adoption.ofRecordedGeneration(status, manager);
    }

    static boolean available(JsonNode deployment) {
        return deployment.path("spec").path("replicas").asInt(1) > 0
                && deployment.path("status").path("availableReplicas").asInt() > 0;
    }

    /** Emitted once, when the last JobManager is gone. */
    static Optional<Event> scaledToZero(FlinkDeployment before, FlinkDeploymentStatus now, ClusterObjects objects) {
        var deploying = JobManagerDeploymentStatus.DEPLOYING;
        boolean gone = objects.scaledToZero()
                && now.jobManagerDeploymentStatus().equals(deploying)
                && !before.status().jobManagerDeploymentStatus().equals(deploying);
        return gone
                ? Optional.of(Event.warning(COMPONENT, SCALED_TO_ZERO, scaledToZero(before))
                        .foldedBy("job-manager-" + SCALED_TO_ZERO))
                : Optional.empty();
    }

    static String scaledToZero(FlinkDeployment resource) {
        int wanted = resource.spec().jobManager().map(JobManagerSpec::replicas).orElse(1);
        return "the JobManager Deployment is scaled to 0 replicas, spec.jobManager.replicas asks for " + wanted
                + ". kubectl scale deployment " + resource.metadata().name() + " --replicas=" + wanted + " starts it"
                + (resource.spec().job().isPresent()
                        ? "; its job, without high availability, from what it was launched with"
                        : "");
    }

    /** Told once: as long as it lasts, other things can be done, such as mending the spec. */
    private FlinkDeploymentStatus failed(FlinkDeploymentStatus status, PodTrouble trouble, List<Event> events) {
        var failed = Jobs.unknown(status).withJobManagerDeploymentStatus(JobManagerDeploymentStatus.ERROR);
        if (status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.ERROR)) {
            return failed;
        }
        events.add(Event.warning(COMPONENT, trouble.reason(), trouble.message())
                .foldedBy("job-manager-" + trouble.reason()));
        return failed.withError(errors.deploymentFailed(trouble.reason(), trouble.message()));
    }

    private FlinkDeploymentStatus missing(FlinkDeploymentStatus status, List<Event> events) {
        var before = status.jobManagerDeploymentStatus();
        var missing = Jobs.unknown(status).withJobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        // A job that has ended needs no JobManager any more.
        if (Jobs.ended(status)
                || before.equals(JobManagerDeploymentStatus.MISSING)
                || before.equals(JobManagerDeploymentStatus.ERROR)) {
            return missing;
        }
        events.add(Event.warning(COMPONENT, "Missing", MISSING));
        return missing.withError(errors.missingJobManager(MISSING));
    }
}
