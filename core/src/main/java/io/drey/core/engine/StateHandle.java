package io.drey.core.engine;

import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.resource.FlinkResource;
import java.util.Map;
import java.util.Optional;

/**
 * The proof that the state that a launch is promised is there. An operation without it does not go on: starting empty by
 * mistake is the worst that could happen.
 */
final class StateHandle {
    private StateHandle() {}

    /**
     * Before a JobManager goes whose metadata is to be restored: a job that has ended since that was chosen has none any
     * more, and only its JobManager knows where its state is.
     */
    static void beforeTeardown(Operation operation, PassSituation situation) {
        if (!situation.facts().get(ClusterObjects.TYPE).untouched() || !restoresMetadata(operation, situation)) {
            return;
        }
        var jobId = jobId(operation, situation);
        if (!metadata(situation).knows(jobId)) {
            throw new Abandoned(
                    "RestoreFailed",
                    "HA metadata is not available any more for job " + jobId + ", so it is not stopped in this way");
        }
    }

    /** What is promised, to be written down once nothing runs any more that could change it. */
    static Map<String, String> whenStopped(Operation operation, PassSituation situation, boolean now) {
        if (!now
                || operation.results().containsKey(Operation.CHECKPOINT_ID)
                || !restoresMetadata(operation, situation)) {
            return Map.of();
        }
        var jobId = jobId(operation, situation);
        var metadata = metadata(situation);
        if (operation.launch() && !metadata.knows(jobId)) {
            throw lost(jobId);
        }
        var newest = metadata.newestCheckpoint(jobId);
        return newest.isPresent() ? Map.of(Operation.CHECKPOINT_ID, String.valueOf(newest.getAsLong())) : Map.of();
    }

    /** Just before something is launched. */
    static void prove(Operation operation, PassSituation situation) {
        if (operation.restore().mode() == RestoreMode.SAVED && !operation.saved()) {
            throw new Unplannable(
                    ErrorKind.INTERNAL,
                    "StateHandleMissing",
                    "operation " + operation.id() + " is to restore what its stop saved, and nothing is recorded of it."
                            + " This is a bug; nothing was started. Set spec.job.initialSavepointPath with a new"
                            + " spec.job.savepointRedeployNonce to go on");
        }
        if (!restoresMetadata(operation, situation)) {
            return;
        }
        var jobId = jobId(operation, situation);
        var metadata = metadata(situation);
        if (!metadata.knows(jobId)) {
            throw lost(jobId);
        }
        var promised = Optional.ofNullable(operation.results().get(Operation.CHECKPOINT_ID))
                .map(Long::parseLong)
                .orElse(-1L);
        if (metadata.newestCheckpoint(jobId).orElse(-1) < promised) {
            throw new Unplannable(
                    ErrorKind.EXTERNAL,
                    "RestoreFailed",
                    "HA metadata is not available as it was: checkpoint " + promised + " of job " + jobId
                            + " was there when the job was stopped, and the newest is now "
                            + metadata.newestCheckpoint(jobId) + ". " + mend());
        }
    }

    /** Why a job that restored too little does not start again by itself. */
    static Unplannable halted(Operation operation) {
        return new Unplannable(
                ErrorKind.USER,
                "RestoredOlderState",
                "the job was stopped, since it had restored older state than "
                        + promise(operation)
                        + ", which it was promised. Check that this state is there. Any edit of the spec, such as a new"
                        + " restartNonce, starts the job from it again; to start from something else, set"
                        + " spec.job.initialSavepointPath with a new spec.job.savepointRedeployNonce");
    }

    private static String promise(Operation operation) {
        return operation
                .restorePath()
                .orElseGet(() -> "checkpoint " + operation.results().getOrDefault(Operation.CHECKPOINT_ID, "unknown"));
    }

    /** Session clusters have no job of their own, and so no id of one. */
    private static boolean restoresMetadata(Operation operation, PassSituation situation) {
        return operation.restore().mode() == RestoreMode.HIGH_AVAILABILITY
                && RecoverableJobs.factType(situation.deployedConfig()).isPresent()
                && !jobId(operation, situation).isEmpty();
    }

    private static RecoverableJobs metadata(PassSituation situation) {
        return RecoverableJobs.of(situation).orElseThrow();
    }

    private static String jobId(Operation operation, PassSituation situation) {
        Optional<String> stored = situation.resource() instanceof FlinkResource resource
                ? resource.status().jobStatus().jobId()
                : Optional.empty();
        return stored.orElseGet(() -> operation.results().getOrDefault(Operation.JOB_ID, ""));
    }

    private static Unplannable lost(String jobId) {
        return new Unplannable(
                ErrorKind.EXTERNAL,
                "RestoreFailed",
                "HA metadata is not available for job " + jobId
                        + ". It is possible that the job has finished or terminally failed, or the configmaps have been"
                        + " deleted. Manual restore required. " + mend());
    }

    private static String mend() {
        return "Set spec.job.initialSavepointPath to the newest checkpoint or savepoint with a new"
                + " spec.job.savepointRedeployNonce, or spec.job.upgradeMode to stateless to start empty";
    }
}
