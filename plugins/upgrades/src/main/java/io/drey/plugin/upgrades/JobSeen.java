package io.drey.plugin.upgrades;

import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.FailedStop;
import io.drey.spi.operation.LaunchedJob;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.FlinkSpec;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.JobStatus;
import io.drey.spi.resource.UpgradeMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The job of a resource as it is seen now, with what decides how it can be stopped and from where it can be started again.
 *
 * @param listed the job in Flink's list; empty when the JobManager does not serve or does not list it
 * @param asked whether the JobManager, if there is one, was asked since the operator started
 */
record JobSeen(Situation situation, FlinkResource resource, Optional<Job> listed, boolean asked) {
    private static final ConfigKey<Duration> READINESS = OperatorKeys.READINESS_TIMEOUT;
    private static final Duration LOOK = Duration.ofSeconds(5);

    static JobSeen of(Situation situation) {
        var resource = (FlinkResource) situation.resource();
        var flink = situation.sinceLaunch(FlinkJobs.TYPE, resource.status());
        return new JobSeen(situation, resource, listed(situation, resource), flink.isPresent() || !managed(situation));
    }

    /** The job of a resource in Flink's list, as it was seen since its launch. */
    static Optional<Job> listed(Situation situation, FlinkResource resource) {
        return situation
                .sinceLaunch(FlinkJobs.TYPE, resource.status())
                .filter(seen -> seen.reach() == Reach.SERVING)
                .flatMap(seen -> resource.status().jobStatus().jobId().flatMap(seen::job));
    }

    /**
     * What Flink said of the job's checkpoints since the launch that is recorded. A job that goes on under its id has the
     * answers of its earlier JobManager, too.
     */
    Optional<JobCheckpoints> checkpoints() {
        return situation.sinceLaunch(JobCheckpoints.TYPE, resource.status());
    }

    private static boolean managed(Situation situation) {
        return situation.facts().get(ClusterObjects.TYPE).jobManager().isPresent();
    }

    JobStatus status() {
        return resource.status().jobStatus();
    }

    String jobId() {
        return status().jobId().orElse("");
    }

    /** Whether the job has ended. A last state stays, whatever is seen or not seen afterwards. */
    boolean ended() {
        return status().state().filter(FlinkJobState::isGloballyTerminal).isPresent()
                || listed.filter(Job::ended).isPresent();
    }

    boolean cancelled() {
        return status().state().filter(FlinkJobState.CANCELED::equals).isPresent() || is("CANCELED");
    }

    /** Whether Flink lists the job in this state. */
    boolean is(String state) {
        return listed.filter(job -> job.state().equals(state)).isPresent();
    }

    /** Whether it runs with all its tasks, so that a savepoint can be taken. */
    boolean working() {
        return listed.filter(Job::working).isPresent();
    }

    /** Its tasks, for people. */
    String tasks() {
        return listed.flatMap(Job::tasks).map(Object::toString).orElse("unknown");
    }

    /** Whether what is known of Flink was seen after this time, epoch milliseconds. */
    static boolean seenAfter(long time, Situation situation) {
        return situation
                .facts()
                .find(FlinkJobs.TYPE, Instant.ofEpochMilli(time + 1))
                .isPresent();
    }

    /** Whether no task of this launch wrote anything: its state is what it restored. */
    boolean neverWorked() {
        return LaunchedJob.neverWorked(situation, resource);
    }

    /** Whether a change has waited for all tasks to run for longer than a cluster has to become ready. */
    boolean waitedLong() {
        return LaunchedJob.of(resource).since().filter(since -> longAgo(since)).isPresent();
    }

    private boolean longAgo(long time) {
        return time < situation.now().minus(situation.config().get(READINESS)).toEpochMilli();
    }

    /**
     * Why this job is not to be stopped now by a stop that saves: the last one failed, and its pause or the restart of the
     * job's tasks that it caused is not over.
     */
    Optional<Choice> afterFailedStop() {
        var failed = FailedStop.of(resource);
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        boolean failover = failed.get().failover()
                && !longAgo(failed.get().at())
                && !(working() && seenAfter(failed.get().at(), situation));
        var pause = failed.get().pause(resource, situation.now());
        if (failover) {
            return Optional.of(new Choice.Retry(failed.get().cause(), pause.orElse(LOOK)));
        }
        return pause.filter(remaining -> working() || !asked)
                .map(remaining -> new Choice.Retry(failed.get().cause(), remaining));
    }

    /** Whether Flink could be told to cancel it. */
    boolean cancellable() {
        return listed.isPresent() && !ended() && !is("CANCELLING");
    }

    /** The JobManager's Deployment is not there, or does not come up. */
    boolean withoutJobManager() {
        return !managed(situation)
                || resource instanceof FlinkDeployment deployment
                        && deployment.status().jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.ERROR);
    }

    /** Whether the JobManager serves without the job, and has had the time to bring it up. */
    boolean lost() {
        boolean serves = situation
                .sinceLaunch(FlinkJobs.TYPE, resource.status())
                .filter(flink -> flink.reach() == Reach.SERVING)
                .isPresent();
        var launched = resource.status().reconciliationStatus().reconciliationTimestamp();
        var patience = situation.config().get(READINESS);
        return serves
                && listed.isEmpty()
                && launched < situation.now().minus(patience).toEpochMilli();
    }

    boolean hasJobManager() {
        return managed(situation);
    }

    /** Whether what is launched next runs another version of Flink, which cannot read this one's metadata. */
    boolean versionChanges() {
        return !situation
                .admitted()
                .flatMap(JobSeen::version)
                .equals(situation.deployed().flatMap(JobSeen::version));
    }

    private static Optional<?> version(io.drey.spi.resource.CustomResource resource) {
        return resource.spec() instanceof FlinkDeploymentSpec spec ? spec.flinkVersion() : Optional.empty();
    }

    /** High-availability metadata that what is launched next would find; empty when it is off, before or after. */
    Optional<RecoverableJobs> metadata() {
        return RecoverableJobs.inSamePlace(situation.config(), situation.deployedConfig())
                ? RecoverableJobs.of(situation)
                : Optional.empty();
    }

    /** Whether high-availability metadata knows this job. */
    boolean recoverable() {
        return metadata().filter(found -> found.knows(jobId())).isPresent();
    }

    private Optional<JobSpec> recorded() {
        return situation.deployed().flatMap(deployed -> ((FlinkSpec) deployed.spec()).job());
    }

    boolean suspended() {
        return recorded().filter(job -> job.state().equals(JobState.SUSPENDED)).isPresent();
    }

    /** How the run that is recorded was started. */
    UpgradeMode startedWith() {
        return recorded().map(JobSpec::upgradeMode).orElse(UpgradeMode.STATELESS);
    }

    /** Whether the run that is recorded had nothing to restore, or only metadata without a checkpoint. */
    boolean startedEmpty() {
        var nothing =
                status().upgradeSavepointPath().filter(path -> !path.isBlank()).isEmpty();
        return startedWith().equals(UpgradeMode.STATELESS) || startedWith().equals(UpgradeMode.LAST_STATE) && nothing;
    }

    /** How the user wants the job to be upgraded. */
    UpgradeMode wanted() {
        return situation
                .admitted()
                .flatMap(admitted -> ((FlinkSpec) admitted.spec()).job())
                .map(JobSpec::upgradeMode)
                .orElse(UpgradeMode.STATELESS);
    }
}
