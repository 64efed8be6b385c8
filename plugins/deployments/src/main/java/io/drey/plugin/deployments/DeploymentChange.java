package io.drey.plugin.deployments;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.UpgradeMode;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the user's edit calls for: the first deployment, an upgrade, a suspend, a resume, or a note that it was seen. */
final class DeploymentChange implements Proposer {
    /** Chose a savepoint redeploy. */
    static final String REDEPLOY = "deployments/savepoint-redeploy";

    private static final String CHOSEN_BY = "deployments/change";
    private static final ConfigKey<Duration> PROGRESS_CHECK = OperatorKeys.PROGRESS_CHECK;

    private final Recorded recorded;
    private final RolledBack rolledBack;
    private final RescalesPart rescales;

    @Inject
    DeploymentChange(ResourceMapper mapper, RescalesPart rescales) {
        this.rescales = rescales;
        this.recorded = new Recorded(mapper);
        this.rolledBack = new RolledBack(recorded, new SpecDiffs(mapper));
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
        if (Adoption.possible(resource, recorded, situation)
                && Adoption.launched(resource, situation.facts().get(ClusterObjects.TYPE))) {
            return new Proposal.Mark("what the last attempt launched is there");
        }
        if (recorded.neverDeployed(resource)) {
            return Recorded.running(spec)
                    ? start(spec, Cause.CREATE, Stop.NONE, initial(spec), CHOSEN_BY)
                    : Proposal.Idle.NOW;
        }
        var deployed = recorded.deployed(resource).orElseThrow();
        if (!situation.violations().isEmpty()) {
            return interrupted(resource, deployed)
                    ? Resume.of(situation, resource, deployed, relaunched(deployed))
                    : watched(situation, resource);
        }
        return Recorded.rolledBack(resource) && rolledBack.calm(resource, situation)
                ? watched(situation, resource)
                : edited(situation, resource, deployed, spec);
    }

    private Proposal edited(
            Situation situation, FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        var type = situation.diff().type();
        if (type == SpecDiff.Type.SAVEPOINT_REDEPLOY) {
            return redeploy(spec);
        }
        if (interrupted(resource, deployed)) {
            return Resume.of(situation, resource, deployed, spec);
        }
        if (type == SpecDiff.Type.IGNORE && !upgrading(resource) && !drifted(resource, deployed, spec)) {
            return cancelled(resource, deployed, spec)
                    ? upgrade(situation, spec, spec.job().orElseThrow())
                    : watched(situation, resource);
        }
        if (spec.job().isEmpty()) {
            return start(spec, Cause.CHANGE, Stop.of(StopMode.KILL), Resume.ofSession(situation), CHOSEN_BY);
        }
        if (Recorded.running(deployed)) {
            return rescale(situation, resource, deployed, spec)
                    .orElseGet(() -> upgrade(situation, spec, spec.job().get()));
        }
        return Recorded.running(spec)
                ? Resume.of(situation, resource, deployed, spec)
                : new Proposal.Mark("suspended, and stays so");
    }

    /** Whether the job may have been told the parallelism of a spec that was replaced before it was recorded. */
    private boolean drifted(FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        return Recorded.running(deployed)
                && !rescales.running(resource, deployed).equals(RescalesPart.overrides(spec))
                && rescales.of(resource).isPresent();
    }

    /** Other parallelism of what runs, if it is all that changes and what runs can be told so. */
    private Optional<Proposal> rescale(
            Situation situation, FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        var type = situation.diff().type();
        if (type != SpecDiff.Type.SCALE && type != SpecDiff.Type.IGNORE
                || upgrading(resource)
                || rescales.refused(resource)) {
            return Optional.empty();
        }
        var dropped = new TreeSet<>(rescales.running(resource, deployed).keySet());
        dropped.removeAll(RescalesPart.overrides(spec).keySet());
        var wanted = new Rescaling.Wanted(resource.withSpec(spec), dropped, Instant.MIN);
        return situation.rescale(deployer(spec), wanted) instanceof Rescaling.Possible
                ? Optional.of(new Proposal.Start(
                        Cause.RESCALE,
                        Target.CURRENT,
                        Stop.NONE,
                        Restore.NONE,
                        false,
                        CHOSEN_BY,
                        deployer(spec),
                        dropped.isEmpty() ? Map.of() : Map.of(Operation.DROPPED, String.join(",", dropped))))
                : Optional.empty();
    }

    /** Nothing to do, but to look again while something starts whose troubles no watch tells. */
    private Proposal watched(Situation situation, FlinkDeployment resource) {
        var manager = resource.status().jobManagerDeploymentStatus();
        boolean starting = manager.equals(JobManagerDeploymentStatus.DEPLOYING)
                || manager.equals(JobManagerDeploymentStatus.DEPLOYED_NOT_READY);
        var soak = Soak.remaining(resource.status(), recorded.stable(resource), situation);
        if (soak.isPresent()) {
            return new Proposal.Idle(soak);
        }
        return starting
                ? new Proposal.Idle(Optional.of(situation.config().orFallback(PROGRESS_CHECK)))
                : new Proposal.Mark("nothing that runs is touched");
    }

    /**
     * Whether the Apache operator, or our own write that it dropped, left the deployment between stop and launch. A session
     * cluster has no state that could be recorded as suspended.
     */
    private static boolean interrupted(FlinkDeployment resource, FlinkDeploymentSpec deployed) {
        return upgrading(resource) && (deployed.job().isEmpty() || !Recorded.running(deployed));
    }

    /**
     * Whether somebody else cancelled a job that is to run. It is started again, with the state that its upgrade mode finds
     * (S147): the mode of its last launch, which the Apache operator goes by, may be stateless, and its state be lost.
     */
    private static boolean cancelled(FlinkDeployment resource, FlinkDeploymentSpec deployed, FlinkDeploymentSpec spec) {
        var status = resource.status();
        return status.jobStatus().state().filter(FlinkJobState.CANCELED::equals).isPresent()
                && status.reconciliationStatus().state().equals(ReconciliationState.DEPLOYED)
                && spec.job().isPresent()
                && Recorded.running(deployed)
                && Recorded.running(spec);
    }

    private static boolean upgrading(FlinkDeployment resource) {
        return resource.status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING);
    }

    /** What was recorded as suspended while it was being launched, as it was meant. */
    private static FlinkDeploymentSpec relaunched(FlinkDeploymentSpec deployed) {
        return deployed.job()
                .map(job -> deployed.withJob(job.withState(JobState.RUNNING)))
                .orElse(deployed);
    }

    private static Proposal upgrade(Situation situation, FlinkDeploymentSpec spec, JobSpec job) {
        var mode = job.upgradeMode().wire();
        return switch (situation.choose(mode)) {
            case Choice.Go go ->
                upgrade(
                        job,
                        new Proposal.Start(
                                Cause.CHANGE,
                                go.target(),
                                go.stop(),
                                go.restore(),
                                Recorded.running(spec),
                                "upgrades/" + mode,
                                deployer(spec)));
            case Choice.Wait wait ->
                new Proposal.Wait(
                        wait.reason(), wait.blocking(), situation.config().orFallback(PROGRESS_CHECK));
            case Choice.Retry retry -> new Proposal.Retry(retry.cause(), retry.after());
            case Choice.Refuse refuse -> new Proposal.Refuse(refuse.failure());
            case Choice.Hand hand -> throw new IllegalStateException("the engine follows hands: " + hand);
        };
    }

    private static Proposal upgrade(JobSpec job, Proposal.Start start) {
        return job.upgradeMode().equals(UpgradeMode.STATELESS) ? start.leaving(Optional.empty()) : start;
    }

    /** Throws away what runs, so there must be something to start from. */
    private static Proposal redeploy(FlinkDeploymentSpec spec) {
        var restore = initial(spec);
        return restore.mode() == RestoreMode.PATH
                ? start(spec, Cause.CHANGE, Stop.of(StopMode.CANCEL), restore, REDEPLOY)
                        .leaving(Optional.empty())
                : new Proposal.Refuse(pathMissing());
    }

    static Failure pathMissing() {
        return new Failure(
                ErrorKind.USER,
                "InitialSavepointPathMissing",
                "spec.job.initialSavepointPath is empty, but a new savepointRedeployNonce starts the job from"
                        + " it. Set the path");
    }

    /** Where the first run gets its state. */
    static Restore initial(FlinkDeploymentSpec spec) {
        return spec.job()
                .flatMap(JobSpec::initialSavepointPath)
                .filter(path -> !path.isBlank())
                .map(Restore::path)
                .orElse(Restore.NONE);
    }

    private static Proposal.Start start(
            FlinkDeploymentSpec spec, Cause cause, Stop stop, Restore restore, String chosenBy) {
        return new Proposal.Start(
                cause, Target.CURRENT, stop, restore, Recorded.running(spec), chosenBy, deployer(spec));
    }

    /** The deployer of a spec, by its mode. */
    static String deployer(FlinkDeploymentSpec spec) {
        return spec.modeOrDefault().wire();
    }
}
