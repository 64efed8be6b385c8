package io.drey.plugin.deployments;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
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
import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.UpgradeMode;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the user's edit calls for: the first deployment, an upgrade, a suspend, a resume, or a note that it was seen. */
final class DeploymentChange implements Proposer {
    private static final String CHOSEN_BY = "deployments/change";

    private final Recorded recorded;

    @Inject
    DeploymentChange(ResourceMapper mapper) {
        this.recorded = new Recorded(mapper);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.CHANGE;
    }

    @Override
    public Proposal propose(Situation situation) {
        var resource = (FlinkDeployment) situation.resource();
        if (situation.admitted().isEmpty()) {
            return Proposal.Idle.NOW;
        }
        var spec = (FlinkDeploymentSpec) situation.admitted().get().spec();
        if (Adoption.adoptable(resource, recorded, situation)) {
            return new Proposal.Mark("what the last attempt launched is there");
        }
        if (recorded.neverDeployed(resource)) {
            return Recorded.running(spec)
                    ? start(Cause.CREATE, spec, Stop.NONE, initial(spec), true, CHOSEN_BY)
                    : Proposal.Idle.NOW;
        }
        var deployed = recorded.deployed(resource).orElseThrow();
        if (situation.violations().isEmpty()) {
            return edited(situation, resource, deployed, spec);
        }
        return interrupted(resource, deployed) ? resume(situation, resource, deployed, deployed) : Proposal.Idle.NOW;
    }

    private Proposal edited(
            Situation situation, FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        var diff = situation.diff();
        if (interrupted(resource, deployed)) {
            return Recorded.running(spec) ? resume(situation, resource, deployed, spec) : Proposal.Idle.NOW;
        }
        if (diff.type() == SpecDiff.Type.IGNORE) {
            return new Proposal.Mark("nothing that runs is touched");
        }
        if (spec.job().isEmpty()) {
            var restore = situation.deployedConfig().highAvailability() ? Restore.HIGH_AVAILABILITY : Restore.NONE;
            return start(Cause.CHANGE, spec, Stop.of(StopMode.KILL), restore, true, CHOSEN_BY);
        }
        var job = spec.job().get();
        if (diff.type() == SpecDiff.Type.SAVEPOINT_REDEPLOY) {
            return start(
                    Cause.CHANGE, spec, Stop.of(StopMode.CANCEL), initial(spec), Recorded.running(spec), CHOSEN_BY);
        }
        if (!Recorded.running(deployed)) {
            return Recorded.running(spec)
                    ? resume(situation, resource, deployed, spec)
                    : new Proposal.Mark("suspended, and stays so");
        }
        return upgrade(situation, spec, job);
    }

    /** Whether the Apache operator, or our own write that it dropped, left the deployment between stop and launch. */
    private static boolean interrupted(FlinkDeployment resource, FlinkDeploymentSpec deployed) {
        return resource.status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING)
                && !Recorded.running(deployed);
    }

    private static Proposal upgrade(Situation situation, FlinkDeploymentSpec spec, JobSpec job) {
        var mode = job.upgradeMode().wire();
        return switch (situation.choose(mode)) {
            case Choice.Go go ->
                new Proposal.Start(
                        Cause.CHANGE,
                        go.target(),
                        go.stop(),
                        go.restore(),
                        Recorded.running(spec),
                        "upgrades/" + mode,
                        deployer(spec));
            case Choice.Wait wait -> new Proposal.Wait(wait.reason(), wait.blocking(), Duration.ofSeconds(10));
            case Choice.Refuse refuse -> new Proposal.Refuse(refuse.failure());
            case Choice.Hand hand -> throw new IllegalStateException("the engine follows hands: " + hand);
        };
    }

    /** Takes the mode that it was suspended with, unless the user wants it empty. */
    private static Proposal resume(
            Situation situation, FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        var suspendedWith = deployed.job().map(JobSpec::upgradeMode).orElse(UpgradeMode.STATELESS);
        boolean empty = spec.job()
                .map(job -> job.upgradeMode().equals(UpgradeMode.STATELESS))
                .orElse(false);
        Restore restore;
        if (empty || suspendedWith.equals(UpgradeMode.STATELESS)) {
            restore = Restore.NONE;
        } else if (suspendedWith.equals(UpgradeMode.SAVEPOINT)) {
            var path = resource.status().jobStatus().upgradeSavepointPath();
            if (path.isEmpty()) {
                return new Proposal.Refuse(new Failure(
                        ErrorKind.USER,
                        "RestoreFailed",
                        "status.jobStatus.upgradeSavepointPath is empty, though the job was suspended with a savepoint."
                                + " Set spec.job.initialSavepointPath and a new savepointRedeployNonce, or upgradeMode"
                                + " stateless to start empty"));
            }
            restore = Restore.path(path.get());
        } else {
            restore = Restore.HIGH_AVAILABILITY;
        }
        var stop = situation.facts().get(ClusterObjects.TYPE).gone() ? Stop.NONE : Stop.of(StopMode.KILL);
        return start(Cause.CHANGE, spec, stop, restore, true, CHOSEN_BY);
    }

    /** Where the first run gets its state. */
    static Restore initial(FlinkDeploymentSpec spec) {
        return spec.job()
                .flatMap(JobSpec::initialSavepointPath)
                .filter(path -> !path.isBlank())
                .map(Restore::path)
                .orElse(Restore.NONE);
    }

    private static Proposal start(
            Cause cause, FlinkDeploymentSpec spec, Stop stop, Restore restore, boolean launch, String chosenBy) {
        return new Proposal.Start(cause, Target.CURRENT, stop, restore, launch, chosenBy, deployer(spec));
    }

    /** The deployer of a spec, by its mode. */
    static String deployer(FlinkDeploymentSpec spec) {
        return Optional.of(spec)
                .flatMap(FlinkDeploymentSpec::mode)
                .orElse(DeploymentMode.NATIVE)
                .wire();
    }
}
