package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Retarget;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.AdmittedMode;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobStatus;
import io.drey.spi.resource.UpgradeMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns a running operation to another spec.
 *
 * <p>The restore follows from what is there: what the stop saves or saved, what metadata holds, where the state was found
 * when the operation began, and the spec. An earlier edit that gave the state up and was taken back leaves no trace.
 */
final class Retargeting {
    private final Operation running;
    private final Situation situation;
    private final FlinkDeployment resource;
    private final FlinkDeploymentSpec spec;

    Retargeting(Operation running, Situation situation, FlinkDeploymentSpec spec) {
        this.running = running;
        this.situation = situation;
        this.resource = (FlinkDeployment) situation.resource();
        this.spec = spec;
    }

    /** To a newer spec that was admitted. */
    Retarget toCurrent() {
        long generation = resource.metadata().generation();
        if (running.cause() == Cause.CREATE) {
            // A first deployment takes its state from initialSavepointPath, whatever the upgrade mode.
            return to(Cause.CREATE, Target.CURRENT, generation, DeploymentChange.initial(spec));
        }
        if (situation.diff().type() == SpecDiff.Type.SAVEPOINT_REDEPLOY) {
            return redeploy(generation);
        }
        if (stateless(spec)) {
            return to(Cause.CHANGE, Target.CURRENT, generation, Restore.NONE);
        }
        return kept().<Retarget>map(restore -> toKept(Target.CURRENT, generation, restore))
                .orElseGet(this::lost);
    }

    /** Back to the deployed spec, under its own generation. Its upgrade mode says only how it was started last. */
    Retarget toDeployed() {
        var generation = resource.status().observedGeneration();
        long deployed = generation.orElse(running.generation());
        return kept().<Retarget>map(restore -> toKept(Target.DEPLOYED, deployed, restore))
                .or(() -> AdmittedMode.stateless(situation)
                        ? Optional.<Retarget>of(to(Cause.CHANGE, Target.DEPLOYED, deployed, Restore.NONE))
                        : Optional.empty())
                .orElseGet(this::lost);
    }

    /**
     * Once the stop is over, the status says no longer where the state was found. A path that was found there takes the
     * place of metadata that was chosen and is gone.
     */
    private Retarget toKept(Target target, long generation, Restore restore) {
        var turned = to(Cause.CHANGE, target, generation, restore);
        return running.chosen().isPresent() && restore.mode() != RestoreMode.PATH
                ? turned
                : new Retarget.To(turned.operation().toBuilder().chosen(restore).build());
    }

    private Retarget redeploy(long generation) {
        var restore = DeploymentChange.initial(spec);
        if (restore.mode() != RestoreMode.PATH) {
            return new Retarget.Refuse(DeploymentChange.pathMissing());
        }
        var turned = running.toBuilder()
                .results(withoutPromise(running.results()))
                // Nobody asks any more for what this stop would save, and it may be what does not get on.
                .stop(running.stop().saves() ? Stop.of(StopMode.CANCEL) : running.stop())
                .build()
                .retarget(Cause.CHANGE, Target.CURRENT, generation, restore, Recorded.running(spec));
        return new Retarget.To(turned);
    }

    /** The checkpoint that was promised is not the one that the user names. */
    private static Map<String, String> withoutPromise(Map<String, String> results) {
        var kept = new TreeMap<>(results);
        kept.remove(Operation.CHECKPOINT_ID);
        kept.remove(Operation.SAVED_AT);
        return kept;
    }

    private Retarget.To to(Cause cause, Target target, long generation, Restore restore) {
        return new Retarget.To(running.retarget(cause, target, generation, restore, Recorded.running(spec)));
    }

    /** Where the newest state of the job is, as far as that can be proved. */
    private Optional<Restore> kept() {
        if (spec.job().isEmpty()) {
            return running.chosen().or(() -> Optional.of(running.restore()));
        }
        // A launch that was lost before it was recorded has got further than what it was started from.
        if (running.phase() == Phase.LAUNCHING
                && hasCheckpoint(running.results().getOrDefault(Operation.JOB_ID, ""))) {
            return Optional.of(Restore.HIGH_AVAILABILITY);
        }
        if (running.saved()) {
            return Optional.of(Restore.SAVED);
        }
        var chosen = running.chosen().filter(restore -> restore.mode() != RestoreMode.SAVED);
        if (chosen.isPresent()) {
            // A spec in between that gave the state up may have removed it.
            return chosen.filter(restore -> restore.mode() != RestoreMode.HIGH_AVAILABILITY
                            || readsMetadata() && metadata().knows(jobId()))
                    .or(this::recordedEnd);
        }
        if (running.stop().saves()) {
            return Optional.of(Restore.SAVED);
        }
        return hasCheckpoint(jobId()) ? Optional.of(Restore.HIGH_AVAILABILITY) : recordedEnd();
    }

    /**
     * The newest snapshot of a job that had ended before it was stopped, as its status records it. Once the stop is over, the
     * status tells of the stop and no longer of the job.
     */
    private Optional<Restore> recordedEnd() {
        var job = resource.status().jobStatus();
        return running.phase().compareTo(Phase.STOPPED) < 0
                        && job.state().filter(FlinkJobState::isGloballyTerminal).isPresent()
                ? job.upgradeSavepointPath()
                        .filter(path -> !path.isBlank() && !path.equals(JobStatus.LAST_STATE))
                        .map(Restore::path)
                : Optional.empty();
    }

    private String jobId() {
        return resource.status().jobStatus().jobId().orElse("");
    }

    private RecoverableJobs metadata() {
        return RecoverableJobs.of(situation).orElseThrow();
    }

    private boolean hasCheckpoint(String jobId) {
        return !jobId.isEmpty()
                && readsMetadata()
                && metadata().newestCheckpoint(jobId).isPresent();
    }

    /** Metadata is where the next launch looks for it, and of a version of Flink that it can read. */
    private boolean readsMetadata() {
        var deployed = situation.deployed().map(before -> (FlinkDeploymentSpec) before.spec());
        return RecoverableJobs.factType(situation.deployedConfig()).isPresent()
                && RecoverableJobs.inSamePlace(situation.config(), situation.deployedConfig())
                && deployed.filter(before -> before.flinkVersion().equals(spec.flinkVersion()))
                        .isPresent();
    }

    private static boolean stateless(FlinkDeploymentSpec spec) {
        return spec.job()
                .filter(job -> job.upgradeMode().equals(UpgradeMode.STATELESS))
                .isPresent();
    }

    private Retarget lost() {
        var why = running.chosen().filter(Restore.HIGH_AVAILABILITY::equals).isPresent() && !readsMetadata()
                ? "its state is in HA metadata, which this spec does not read: spec.flinkVersion or the keys"
                        + " high-availability.* differ from those that the job had. Set them back"
                : "nothing tells where its newest state is. Set spec.job.upgradeMode to stateless to start empty";
        return new Retarget.Refuse(new Failure(
                ErrorKind.USER,
                "RestoreFailed",
                "job " + jobId() + " was stopped by the operation of generation "
                        + running.generation() + ", and " + why
                        + ", or set spec.job.initialSavepointPath to the newest checkpoint or savepoint with a new"
                        + " spec.job.savepointRedeployNonce"));
    }
}
