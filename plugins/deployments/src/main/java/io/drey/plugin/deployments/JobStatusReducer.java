package io.drey.plugin.deployments;

import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.Reading;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code jobStatus}: what Flink says about the job. A last state stays, whatever is seen or not seen afterwards. */
final class JobStatusReducer {
    /** What Flink calls a job whose main method failed before it had submitted one; it had no graph, so no checkpoints. */
    private static final String MAIN_METHOD = "(application driver)";

    private final ErrorJson errors;
    private final boolean startedEmpty;
    private final boolean highAvailability;

    /**
     * @param startedEmpty whether the job was launched without state
     * @param highAvailability whether another JobManager goes on with the job, from its last checkpoint
     */
    JobStatusReducer(ErrorJson errors, boolean startedEmpty, boolean highAvailability) {
        this.errors = errors;
        this.startedEmpty = startedEmpty;
        this.highAvailability = highAvailability;
    }

    /**
     * @param flink empty when nobody has asked the JobManager yet
     * @param checkpoints what came of asking for the job's checkpoints
     */
    FlinkDeploymentStatus reduce(
            FlinkDeploymentStatus status,
            Optional<FlinkJobs> flink,
            Reading<JobCheckpoints> checkpoints,
            Instant now,
            List<Event> events) {
        if (Jobs.ended(status)) {
            return status;
        }
        if (!status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)) {
            return outOfSight(status);
        }
        if (flink.isEmpty()) {
            return status;
        }
        if (flink.get().reach() != Reach.SERVING) {
            return outOfSight(status);
        }
        return status.jobStatus()
                .jobId()
                .flatMap(flink.get()::job)
                .map(job -> seen(status, job, checkpoints, now, events))
                .orElseGet(() -> missing(status, events));
    }

    private static FlinkDeploymentStatus outOfSight(FlinkDeploymentStatus status) {
        return Jobs.running(status) ? Jobs.unknown(status) : status;
    }

    /** A JobManager that has just started lists its job a little later, so a job that was not seen yet is not missed. */
    private static FlinkDeploymentStatus missing(FlinkDeploymentStatus status, List<Event> events) {
        boolean known = status.jobStatus()
                .state()
                .filter(state -> !state.equals(FlinkJobState.RECONCILING))
                .isPresent();
        if (!known) {
            return status;
        }
        events.add(Event.warning("Job", "Missing", ErrorJson.JOB_NOT_FOUND));
        return Jobs.unknown(status).withError(ErrorJson.JOB_NOT_FOUND);
    }

    private FlinkDeploymentStatus seen(
            FlinkDeploymentStatus status,
            Job job,
            Reading<JobCheckpoints> checkpoints,
            Instant now,
            List<Event> events) {
        var before = status.jobStatus();
        var state = new FlinkJobState(job.state());
        if (state.isGloballyTerminal() && !lastCheckpointTold(checkpoints)) {
            return status;
        }
        var builder = before.toBuilder().jobName(Optional.of(job.name())).startTime(Optional.of(started(job)));
        if (before.state().equals(Optional.of(state))) {
            return status.withJobStatus(builder.build());
        }
        if (state.isGloballyTerminal() && checkpoints instanceof Reading.Known<JobCheckpoints> known) {
            builder.upgradeSavepointPath(restorable(known.value(), job, before));
        }
        events.add(Event.normal("Job", "JobStatusChanged", changed(before, state)));
        var reduced = status.withJobStatus(builder.state(Optional.of(state))
                .updateTime(Optional.of(String.valueOf(now.toEpochMilli())))
                .build());
        if (!state.equals(FlinkJobState.FAILED)) {
            return reduced;
        }
        var why = job.failure()
                .orElse("the job failed; its exceptions are at /jobs/" + job.id() + "/exceptions of its REST API");
        events.add(Event.warning("Job", "Error", Thrown.summary(Thrown.chain(why))));
        return reduced.withError(errors.jobFailed(why));
    }

    /**
     * The last state is recorded together with where the job's state is, or not yet: without it, nobody could tell
     * "nothing to restore" from "not asked". Where nobody offers to ask, nothing is waited for.
     */
    private static boolean lastCheckpointTold(Reading<JobCheckpoints> checkpoints) {
        return checkpoints instanceof Reading.NotRead<JobCheckpoints>
                || checkpoints instanceof Reading.Known<JobCheckpoints> known
                        && known.value().ended();
    }

    /** A checkpoint that only the JobManager could read is there, but cannot be restored: not the same as none. */
    private Optional<String> restorable(JobCheckpoints checkpoints, Job job, JobStatus before) {
        var newest = checkpoints.newest();
        if (newest.isPresent()) {
            return Optional.of(newest.get().path().orElse(JobStatus.LAST_STATE));
        }
        if (highAvailability && job.name().equals(MAIN_METHOD) && ranBefore(job, before)) {
            return Optional.of(JobStatus.LAST_STATE);
        }
        // It did not get as far as to restore what it was to start from, which is still the newest.
        return startedEmpty ? Optional.empty() : before.upgradeSavepointPath();
    }

    /** Whether an earlier JobManager of this launch had the job: what that one saved is newer than what it started from. */
    private static boolean ranBefore(Job job, JobStatus before) {
        return before.startTime().filter(time -> !time.equals(started(job))).isPresent();
    }

    private static String started(Job job) {
        return String.valueOf(job.startTime().toEpochMilli());
    }

    private static String changed(JobStatus before, FlinkJobState state) {
        return before.state()
                .map(old -> "Job status changed from " + old + " to " + state)
                .orElse("Job status changed to " + state);
    }
}
