package io.drey.plugin.recovery;

import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A JobManager Deployment that was deleted, or scaled to no replicas, is made again, with the state that high availability still
 * knows of. Where state is expected and none is known, nothing is started.
 */
final class LostJobManager extends Remedy {
    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.JM_RECOVERY;
    private static final String MEND =
            " Set spec.job.initialSavepointPath to the newest checkpoint or savepoint with a new"
                    + " spec.job.savepointRedeployNonce, or spec.job.upgradeMode to stateless to start empty";

    LostJobManager() {
        super(Cause.RECOVER);
    }

    @Override
    public Proposal propose(Situation situation) {
        return Run.of(situation)
                .filter(run -> !run.ended() && situation.config().orFallback(ENABLED) && lost(run))
                .map(run -> run.session() ? session(run) : application(run))
                .orElse(Proposal.Idle.NOW);
    }

    /** Whether the status says so too: the loss was reported before anything is done about it. */
    private static boolean lost(Run run) {
        return run.is(JobManagerDeploymentStatus.MISSING) && run.withoutDeployment()
                || run.is(JobManagerDeploymentStatus.DEPLOYING) && run.scaledToZero();
    }

    private static Proposal session(Run run) {
        if (run.highAvailability()) {
            return recover(run, Stop.of(StopMode.KILL), Restore.HIGH_AVAILABILITY);
        }
        var reason = run.scaledToZero()
                ? "the JobManager Deployment has replicas again: it was scaled to 0, and without high availability it is"
                        + " not started again by itself. kubectl scale deployment "
                        + run.resource().metadata().name() + " --replicas=1 starts it"
                : "the JobManager Deployment is there again: it was deleted, and without high availability it is"
                        + " not made again by itself. Any edit of the spec, such as a new restartNonce, does it";
        return new Proposal.Wait(reason, false, Duration.ofMinutes(1));
    }

    private static Proposal application(Run run) {
        if (!run.highAvailability()) {
            return run.stateless()
                    ? recover(run, Stop.of(StopMode.KILL), Restore.NONE)
                    : refuse(
                            ErrorKind.USER,
                            "The JobManager deployment " + found(run)
                                    + ", and without high availability the newest state of job " + run.jobId()
                                    + " is not known. Manual restore required." + MEND);
        }
        if (!run.recoverable()) {
            return metadataLost(run);
        }
        return chosen(run.situation(), "last-state", Target.DEPLOYED, go -> recover(run, go.stop(), go.restore()));
    }

    private static Proposal recover(Run run, Stop stop, Restore restore) {
        return run.again(Cause.RECOVER, stop, restore)
                .telling(List.of(Event.warning(
                        "Job",
                        "RecoverDeployment",
                        run.scaledToZero()
                                ? "Recovering deployment that was scaled to 0 replicas"
                                : "Recovering lost deployment")));
    }

    private static Proposal metadataLost(Run run) {
        return refuse(
                ErrorKind.EXTERNAL,
                "HA metadata is not available for job " + run.jobId()
                        + ", whose JobManager deployment " + found(run) + ". It is"
                        + " possible that the job has finished or terminally failed, or the configmaps have been deleted."
                        + " Manual restore required." + MEND);
    }

    private static String found(Run run) {
        return run.scaledToZero() ? "was scaled to 0 replicas" : "is missing";
    }

    private static Proposal refuse(ErrorKind kind, String message) {
        return new Proposal.Refuse(new Failure(kind, "RestoreFailed", message, Optional.empty()));
    }
}
