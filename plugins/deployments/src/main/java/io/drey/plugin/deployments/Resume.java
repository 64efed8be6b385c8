package io.drey.plugin.deployments;

import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.JobStatus;
import io.drey.spi.resource.Savepoint;
import io.drey.spi.resource.UpgradeMode;
import java.time.Duration;
import java.util.Optional;

/** What is suspended, or was left between stop and launch, and is to go on: with the state that it was stopped with. */
final class Resume {
    /** Stands for high-availability metadata where a path is expected, and is none. */
    private static final String LAST_STATE = "KUBERNETES_OPERATOR_LAST_STATE";

    private static final String CHOSEN_BY = "deployments/resume";

    private Resume() {}

    /**
     * @param deployed the recorded spec, whose upgrade mode says how it was stopped
     * @param spec what is to be carried out; it is launched if it wants to run
     */
    static Proposal of(
            Situation situation, FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        if (spec.job().isEmpty()) {
            return start(situation, spec, ofSession(situation));
        }
        var stoppedWith = deployed.job().map(JobSpec::upgradeMode).orElse(UpgradeMode.STATELESS);
        boolean empty = spec.job().get().upgradeMode().equals(UpgradeMode.STATELESS) && Recorded.running(spec);
        if (empty) {
            return start(situation, spec, Restore.NONE).leaving(state(stoppedWith, resource));
        }
        if (stoppedWith.equals(UpgradeMode.STATELESS)) {
            return start(situation, spec, Restore.NONE);
        }
        if (stoppedWith.equals(UpgradeMode.SAVEPOINT)) {
            return savepoint(resource.status().jobStatus())
                    .<Proposal>map(path -> start(situation, spec, Restore.path(path)))
                    .orElseGet(Resume::pathIsLost);
        }
        return Recorded.running(spec)
                ? fromLastState(situation, spec)
                : start(situation, spec, Restore.HIGH_AVAILABILITY);
    }

    /** Where the state of a suspended job is that is to start empty. */
    private static Optional<Restore> state(UpgradeMode stoppedWith, FlinkDeployment resource) {
        if (stoppedWith.equals(UpgradeMode.STATELESS)) {
            return Optional.of(Restore.NONE);
        }
        return stoppedWith.equals(UpgradeMode.SAVEPOINT)
                ? savepoint(resource.status().jobStatus()).map(Restore::path)
                : Optional.of(Restore.HIGH_AVAILABILITY);
    }

    /** Where the stop left the state. Old versions of the Apache operator recorded it as the last savepoint only. */
    private static Optional<String> savepoint(JobStatus job) {
        return job.upgradeSavepointPath()
                .or(() -> job.savepointInfo().lastSavepoint().flatMap(Savepoint::location))
                .filter(path -> !path.isBlank() && !path.equals(LAST_STATE));
    }

    /** Whoever offers last-state knows whether its metadata is still there: without, the job would start empty. */
    private static Proposal fromLastState(Situation situation, FlinkDeploymentSpec spec) {
        return switch (situation.choose(UpgradeMode.LAST_STATE.wire())) {
            case Choice.Go go -> start(situation, spec, go.restore());
            case Choice.Wait wait -> new Proposal.Wait(wait.reason(), wait.blocking(), Duration.ofSeconds(10));
            case Choice.Retry retry -> new Proposal.Retry(retry.cause(), retry.after());
            case Choice.Refuse refuse -> new Proposal.Refuse(refuse.failure());
            case Choice.Hand hand -> throw new IllegalStateException("the engine follows hands: " + hand);
        };
    }

    private static Proposal pathIsLost() {
        return new Proposal.Refuse(new Failure(
                ErrorKind.USER,
                "RestoreFailed",
                "status.jobStatus.upgradeSavepointPath names no savepoint, though the job was suspended with one."
                        + " Manual restore required. Set spec.job.initialSavepointPath and a new savepointRedeployNonce,"
                        + " or upgradeMode stateless to start empty"));
    }

    private static Proposal.Start start(Situation situation, FlinkDeploymentSpec spec, Restore restore) {
        // The Apache operator leaves the finished JobManager of a job that was stopped with a savepoint.
        var stop = situation.facts().get(ClusterObjects.TYPE).gone() ? Stop.NONE : Stop.of(StopMode.KILL);
        return new Proposal.Start(
                Cause.CHANGE,
                Target.CURRENT,
                stop,
                restore,
                Recorded.running(spec),
                CHOSEN_BY,
                DeploymentChange.deployer(spec));
    }

    /** Session clusters have no upgrade mode: their jobs survive through high availability or not at all. */
    static Restore ofSession(Situation situation) {
        return situation.deployedConfig().highAvailability() ? Restore.HIGH_AVAILABILITY : Restore.NONE;
    }
}
