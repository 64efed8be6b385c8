package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.ReconciliationState;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** What was observed of the JobManager and of the job. */
final class ClusterReducer {
    private final Recorded recorded;

    ClusterReducer(Recorded recorded) {
        this.recorded = recorded;
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        var facts = turn.situation().facts();
        var deployed = recorded.last(resource);
        if (deployed.isEmpty()
                || !Recorded.running(deployed.get().spec())
                || resource.status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING)
                || facts.find(ClusterObjects.TYPE).isEmpty()) {
            return resource;
        }
        var flink = facts.find(FlinkJobs.TYPE).orElse(FlinkJobs.UNREACHABLE);
        var status = jobManager(resource.status(), facts.get(ClusterObjects.TYPE), flink, events);
        if (status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)) {
            status = clusterInfo(status, flink);
        }
        if (deployed.get().spec().job().isPresent()) {
            status = job(status, flink, turn, events);
        }
        if (stable(status, deployed.get().spec(), flink)) {
            var last = status.reconciliationStatus().lastReconciledSpec().orElseThrow();
            status = status.withReconciliationStatus(
                    status.reconciliationStatus().withLastStableSpec(last));
        }
        return resource.withStatus(status);
    }

    private static FlinkDeploymentStatus jobManager(
            FlinkDeploymentStatus status, ClusterObjects objects, FlinkJobs flink, List<Event> events) {
        var before = status.jobManagerDeploymentStatus();
        if (objects.jobManager().isEmpty()) {
            return missing(status, before, events);
        }
        if (available(objects.jobManager().get())) {
            boolean ready = flink.reach() == Reach.SERVING || before.equals(JobManagerDeploymentStatus.READY);
            return status.withJobManagerDeploymentStatus(
                    ready ? JobManagerDeploymentStatus.READY : JobManagerDeploymentStatus.DEPLOYED_NOT_READY);
        }
        var trouble = PodTrouble.of(objects);
        if (trouble.isEmpty()) {
            return status.withJobManagerDeploymentStatus(JobManagerDeploymentStatus.DEPLOYING);
        }
        var found = trouble.get();
        var failed = reconciling(status).withJobManagerDeploymentStatus(JobManagerDeploymentStatus.ERROR);
        if (before.equals(JobManagerDeploymentStatus.ERROR)) {
            return failed;
        }
        events.add(Event.warning("JobManagerDeployment", found.reason(), found.message()));
        return failed.withError(ErrorJson.deploymentFailed(found.reason(), found.message()));
    }

    private static FlinkDeploymentStatus missing(
            FlinkDeploymentStatus status, JobManagerDeploymentStatus before, List<Event> events) {
        var missing = reconciling(status).withJobManagerDeploymentStatus(JobManagerDeploymentStatus.MISSING);
        if (before.equals(JobManagerDeploymentStatus.MISSING) || before.equals(JobManagerDeploymentStatus.ERROR)) {
            return missing;
        }
        events.add(Event.warning("JobManagerDeployment", "Missing", "Missing JobManager deployment"));
        return missing.withError(ErrorJson.missingJobManager("Missing JobManager deployment"));
    }

    private static boolean available(JsonNode deployment) {
        return deployment.path("spec").path("replicas").asInt(1) > 0
                && deployment.path("status").path("availableReplicas").asInt() > 0;
    }

    /** The job's state is not known any more, unless it was its last. */
    private static FlinkDeploymentStatus reconciling(FlinkDeploymentStatus status) {
        var state = status.jobStatus().state();
        return state.isEmpty() || state.filter(Jobs::terminal).isPresent()
                ? status
                : status.withJobStatus(status.jobStatus().withState(FlinkJobState.RECONCILING));
    }

    private static FlinkDeploymentStatus job(
            FlinkDeploymentStatus status, FlinkJobs flink, Turn turn, List<Event> events) {
        var job = status.jobStatus();
        if (!status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)
                || job.state().filter(Jobs::terminal).isPresent()) {
            return status;
        }
        var seen = flink.reach() == Reach.SERVING ? job.jobId().flatMap(flink::job) : Optional.<FlinkJobs.Job>empty();
        if (seen.isEmpty()) {
            boolean wasKnown = job.state()
                    .filter(state -> !state.equals(FlinkJobState.RECONCILING))
                    .isPresent();
            if (wasKnown && flink.reach() == Reach.SERVING) {
                events.add(Event.warning("Job", "Missing", "Job Not Found"));
                return reconciling(status).withError("Job Not Found");
            }
            return wasKnown && job.state().filter(FlinkJobState.RUNNING::equals).isPresent()
                    ? reconciling(status)
                    : status;
        }
        var state = new FlinkJobState(seen.get().state());
        var builder = job.toBuilder()
                .jobName(Optional.of(seen.get().name()))
                .startTime(Optional.of(String.valueOf(seen.get().startTime().toEpochMilli())));
        var reduced = status;
        if (!job.state().filter(state::equals).isPresent()) {
            builder.state(Optional.of(state))
                    .updateTime(
                            Optional.of(String.valueOf(turn.situation().now().toEpochMilli())));
            events.add(Event.normal(
                    "Job",
                    "JobStatusChanged",
                    job.state()
                            .map(before -> "Job status changed from " + before + " to " + state)
                            .orElse("Job status changed to " + state)));
            if (state.equals(FlinkJobState.FAILED)) {
                var why = seen.get()
                        .failure()
                        .orElse("the job failed; its exceptions are at /jobs/"
                                + seen.get().id() + "/exceptions of its REST API");
                events.add(Event.warning("Job", "Error", why));
                reduced = reduced.withError(ErrorJson.jobFailed(why));
            }
        }
        return reduced.withJobStatus(builder.build());
    }

    private static FlinkDeploymentStatus clusterInfo(FlinkDeploymentStatus status, FlinkJobs flink) {
        if (status.clusterInfo().entrySet().containsAll(flink.cluster().entrySet())) {
            return status;
        }
        var info = new HashMap<>(status.clusterInfo());
        info.putAll(flink.cluster());
        return status.withClusterInfo(info);
    }

    private static boolean stable(FlinkDeploymentStatus status, FlinkDeploymentSpec deployed, FlinkJobs flink) {
        if (!status.reconciliationStatus().state().equals(ReconciliationState.DEPLOYED)) {
            return false;
        }
        if (deployed.job().isEmpty()) {
            return status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)
                    && flink.reach() == Reach.SERVING;
        }
        var state = status.jobStatus().state();
        return state.filter(FlinkJobState.RUNNING::equals).isPresent()
                || state.filter(FlinkJobState.FINISHED::equals).isPresent();
    }
}
