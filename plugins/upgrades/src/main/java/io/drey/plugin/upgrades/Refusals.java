package io.drey.plugin.upgrades;

import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Choice;
import java.util.Optional;

/** Why an upgrade that would lose state is not begun, and what mends it. Nothing that runs is touched. */
final class Refusals {
    private static final String MEND =
            " Set spec.job.initialSavepointPath to the newest checkpoint or savepoint with a new"
                    + " spec.job.savepointRedeployNonce, or spec.job.upgradeMode to stateless to start empty";

    private Refusals() {}

    /** The job has ended, and where its state is was not recorded. */
    static Choice unknownCheckpoint() {
        return refuse(
                "UpgradeFailed",
                "Job is in terminal state but last checkpoint is unknown, possibly due to an unrecoverable restore error."
                        + " Manual restore required." + MEND);
    }

    /** Neither a JobManager nor metadata of it is left. */
    static Choice nothingLeft(String jobId) {
        return refuse(
                "UpgradeFailed",
                "JobManager deployment is missing and HA metadata is not available to make stateful upgrades of job "
                        + jobId
                        + ". It is possible that the job has finished or terminally failed, or the configmaps have"
                        + " been deleted. Manual restore required." + MEND);
    }

    /** The JobManager serves, and neither it nor metadata knows the job. */
    static Choice jobLost(String jobId, Optional<String> savepoints) {
        return refuse(
                "UpgradeFailed",
                "Flink does not list job " + jobId
                        + " any more, and HA metadata is not available for it. It is possible"
                        + " that the job has finished or terminally failed, or the configmaps have been deleted. If it"
                        + " was being stopped with a savepoint, that is the newest one in "
                        + savepoints.orElse("the directory that the image configures") + ". Manual restore required."
                        + MEND);
    }

    /** The job was suspended with its state in metadata that is gone. */
    static Choice metadataLost(String jobId) {
        return refuse(
                "RestoreFailed",
                "HA metadata is not available for job " + jobId + ", which was suspended with last-state."
                        + " It is possible that the job has finished or terminally failed, or the configmaps have been"
                        + " deleted. Manual restore required." + MEND);
    }

    /** The recorded savepoint path is empty. */
    static Choice pathLost() {
        return refuse(
                "RestoreFailed",
                "status.jobStatus.upgradeSavepointPath names no savepoint, though the job was started from one. Manual"
                        + " restore required." + MEND);
    }

    /** The newest checkpoint exists, and nobody else can read it. */
    static Choice notReadable(long id) {
        return refuse(
                "CheckpointNotFound",
                "checkpoint " + id + " is the newest, and it was discarded or only the JobManager could read it. Set"
                        + " state.checkpoints.dir for the next time. Manual restore required." + MEND);
    }

    static Choice noSavepointDirectory() {
        return refuse(
                "SavepointError",
                "state.savepoints.dir in spec.flinkConfiguration is empty, and the job is to be stopped with a savepoint."
                        + " Set it to a directory that JobManager and TaskManagers can write, or use another"
                        + " spec.job.upgradeMode");
    }

    static Choice checkpointsAreDeleted(String key, String value) {
        return refuse(
                "UpgradeFailed",
                key + ": found " + value
                        + ", with which cancelling the job would delete the state that the next one needs."
                        + " Set it to RETAIN_ON_CANCELLATION for the next start, and spec.job.upgradeMode to savepoint"
                        + " for this one");
    }

    private static Choice refuse(String code, String message) {
        return new Choice.Refuse(new Failure(ErrorKind.USER, code, message));
    }
}
