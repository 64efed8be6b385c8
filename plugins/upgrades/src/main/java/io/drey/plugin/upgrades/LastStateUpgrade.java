package io.drey.plugin.upgrades;

import static io.drey.spi.fact.ClusterObjects.condition;

import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.UpgradeMode;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;

/**
 * Starts from the newest state that there is, without asking the job to write more: from high-availability metadata, from
 * the last checkpoint of a job that is cancelled for it or has ended, or from what a run that never began was to start from.
 */
final class LastStateUpgrade extends MeasuredUpgrade {
    /** Reasons of a Deployment's condition {@code Progressing} before its first rollout is done. */
    private static final Set<String> ROLLING_OUT = Set.of(
            "NewReplicaSetCreated",
            "FoundNewReplicaSet",
            "ReplicaSetUpdated",
            "ReplicaSetCreateError",
            "ProgressDeadlineExceeded");

    private static final ConfigKey<Boolean> JOB_CANCEL = OperatorKeys.LAST_STATE_CANCEL;
    private static final ConfigKey<Optional<String>> RETENTION =
            ConfigKey.text("execution.checkpointing.externalized-checkpoint-retention");

    @Inject
    LastStateUpgrade(DowntimePart downtimes) {
        super(downtimes);
    }

    @Override
    public String name() {
        return "last-state";
    }

    @Override
    public Choice choose(Situation situation) {
        var job = JobSeen.of(situation);
        if (job.suspended()) {
            return job.recoverable()
                    ? go(StopMode.NONE, Restore.HIGH_AVAILABILITY)
                    : Refusals.metadataLost(job.jobId());
        }
        if (job.ended() && (job.cancelled() || job.listed().isPresent() || !job.recoverable())) {
            return StateAtRest.ofEnded(job);
        }
        if (job.is("CANCELLING")) {
            return new Choice.Wait("the job has ended, it is being cancelled", true);
        }
        if (!job.asked()) {
            return new Choice.Wait("the JobManager has answered", false);
        }
        return job.versionChanges() ? toOtherVersion(job) : sameVersion(job);
    }

    /** Metadata of one version of Flink is not for another; a checkpoint or savepoint is. */
    private static Choice toOtherVersion(JobSeen job) {
        if (job.working()
                && StateDirectories.savepoints(job.situation().config()).isPresent()) {
            return SavepointUpgrade.stop(job);
        }
        return job.cancellable() ? cancel(job) : withoutMetadata(job);
    }

    private static Choice sameVersion(JobSeen job) {
        boolean cancels = job.cancellable()
                && (!job.recoverable() || job.situation().config().get(JOB_CANCEL));
        if (job.is("RUNNING") && (cancels || job.recoverable())) {
            return CheckpointAge.decide(job).orElseGet(() -> cancels ? cancel(job) : fromMetadata(job));
        }
        if (cancels) {
            return cancel(job);
        }
        return job.recoverable() ? fromMetadata(job) : withoutMetadata(job);
    }

    private static Choice fromMetadata(JobSeen job) {
        boolean checkpoint =
                job.metadata().orElseThrow().newestCheckpoint(job.jobId()).isPresent();
        if (checkpoint) {
            return go(StopMode.KILL, Restore.HIGH_AVAILABILITY);
        }
        // A run that is known but has no checkpoint yet did not take over the state that it was to start from.
        return job.startedEmpty() ? go(StopMode.KILL, Restore.HIGH_AVAILABILITY) : StateAtRest.ofLaunch(job);
    }

    /** Cancelled, a job leaves its last checkpoint, if it has one and is to leave it. */
    private static Choice cancel(JobSeen job) {
        if (job.neverWorked()) {
            return restoredOnly(job);
        }
        var failed = job.afterFailedStop();
        if (failed.isPresent()) {
            return failed.get();
        }
        var retention = deletes(job);
        if (retention.isPresent()) {
            return Refusals.checkpointsAreDeleted(RETENTION.name(), retention.get());
        }
        var checkpoints = job.situation().facts().get(JobCheckpoints.TYPE);
        if (!checkpoints.known()) {
            return new Choice.Wait("Flink tells the checkpoints of job " + job.jobId(), false);
        }
        if (checkpoints.newest().isEmpty()) {
            return new Choice.Wait(
                    "the job has a checkpoint to go on from; set spec.job.upgradeMode to stateless to start empty",
                    false);
        }
        var newest = checkpoints.newest().get();
        return newest.path().isPresent() ? go(StopMode.CHECKPOINT, Restore.SAVED) : Refusals.notReadable(newest.id());
    }

    /**
     * A launch that never ran all its tasks is replaced from what it restored, or was to restore. Cancelled first where that
     * keeps what it may have written in between.
     */
    private static Choice restoredOnly(JobSeen job) {
        var restored = job.situation().facts().get(JobCheckpoints.TYPE).newest();
        var retention = deletes(job);
        if (retention.isPresent()) {
            if (job.recoverable() && !job.versionChanges()) {
                return fromMetadata(job);
            }
            boolean asLaunched = restored.isEmpty()
                    || restored.get().path().equals(job.status().upgradeSavepointPath());
            return asLaunched
                    ? StateAtRest.ofLaunch(job)
                    : Refusals.checkpointsAreDeleted(RETENTION.name(), retention.get());
        }
        if (restored.isEmpty() && !job.startedWith().equals(UpgradeMode.STATELESS)) {
            return StateAtRest.ofLaunch(job);
        }
        return restored.filter(snapshot -> snapshot.path().isEmpty())
                .map(snapshot -> Refusals.notReadable(snapshot.id()))
                .orElseGet(() -> go(StopMode.CHECKPOINT, Restore.SAVED));
    }

    /** The retention with which cancelling deletes checkpoints, if it does. */
    private static Optional<String> deletes(JobSeen job) {
        return job.situation()
                .deployedConfig()
                .get(RETENTION)
                .map(String::strip)
                .filter(value -> !value.equalsIgnoreCase("RETAIN_ON_CANCELLATION"));
    }

    private static Choice withoutMetadata(JobSeen job) {
        if (job.hasJobManager() && !job.startedWith().equals(UpgradeMode.LAST_STATE) && neverStarted(job)) {
            return StateAtRest.ofLaunch(job);
        }
        if (job.withoutJobManager() && !job.recoverable()) {
            return Refusals.nothingLeft(job.jobId());
        }
        if (job.lost() && !job.recoverable()) {
            return Refusals.jobLost(
                    job.jobId(), StateDirectories.savepoints(job.situation().config()));
        }
        return new Choice.Wait(
                "the job can be stopped with its state: it is "
                        + job.listed().map(listed -> listed.state()).orElse("not to be seen"),
                false);
    }

    /**
     * Whether no JobManager of this Deployment has ever been available: its first rollout still goes on then, and Kubernetes
     * never says that again of one that was done. The time of {@code Available} does not tell: it is set a moment after the
     * Deployment was created, which may be another second.
     */
    private static boolean neverStarted(JobSeen job) {
        var deployment =
                job.situation().facts().get(ClusterObjects.TYPE).jobManager().orElseThrow();
        return condition(deployment, "Available").path("status").asText().equals("False")
                && ROLLING_OUT.contains(
                        condition(deployment, "Progressing").path("reason").asText());
    }

    private static Choice go(StopMode stop, Restore restore) {
        return new Choice.Go(Target.CURRENT, Stop.of(stop), restore);
    }
}
