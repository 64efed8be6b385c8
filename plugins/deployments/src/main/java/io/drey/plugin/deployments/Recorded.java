package io.drey.plugin.deployments;

import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.ReconciliationStatus;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.UpgradeMode;
import java.util.Optional;

/** What a FlinkDeployment's status records of the specs that were carried out. */
record Recorded(ResourceMapper mapper) {

    /** {@code lastReconciledSpec}. */
    Optional<LastReconciledSpec<FlinkDeploymentSpec>> last(FlinkDeployment resource) {
        return resource.status()
                .reconciliationStatus()
                .lastReconciledSpec()
                .filter(text -> !text.isEmpty())
                .map(text -> mapper.readRecorded(text, FlinkDeploymentSpec.class));
    }

    /** {@code lastStableSpec}. */
    Optional<LastReconciledSpec<FlinkDeploymentSpec>> stable(FlinkDeployment resource) {
        return resource.status()
                .reconciliationStatus()
                .lastStableSpec()
                .filter(text -> !text.isEmpty())
                .map(text -> mapper.readRecorded(text, FlinkDeploymentSpec.class));
    }

    /** The spec that runs: after a rollback the stable one, started as the record of the rejected one says. */
    Optional<FlinkDeploymentSpec> deployed(FlinkDeployment resource) {
        var last = last(resource).map(LastReconciledSpec::spec);
        if (!rolledBack(resource)) {
            return last;
        }
        return stable(resource)
                .map(LastReconciledSpec::spec)
                .map(spec -> last.flatMap(FlinkDeploymentSpec::job)
                        .map(job -> startedWith(spec, job.upgradeMode()))
                        .orElse(spec));
    }

    /** Whether the last stable spec runs in place of the last one. */
    static boolean rolledBack(FlinkDeployment resource) {
        return resource.status().reconciliationStatus().state().equals(ReconciliationState.ROLLED_BACK);
    }

    private static FlinkDeploymentSpec startedWith(FlinkDeploymentSpec spec, UpgradeMode mode) {
        return spec.job().map(job -> spec.withJob(job.withUpgradeMode(mode))).orElse(spec);
    }

    /**
     * The records, when what runs was started again from elsewhere: whoever upgrades it must know what it was started
     * from. What was stable stays so.
     */
    ReconciliationStatus restarted(FlinkDeployment resource, Restore restore) {
        var before = resource.status().reconciliationStatus();
        var last = last(resource);
        if (last.isEmpty()) {
            return before;
        }
        var text =
                mapper.writeRecorded(last.get().withSpec(startedWith(last.get().spec(), mode(restore))));
        var after = before.withLastReconciledSpec(text);
        return before.stable() ? after.withLastStableSpec(text) : after;
    }

    /** The text of a record of this spec, in this state, with the trigger nonces that an earlier record holds. */
    String write(
            FlinkDeploymentSpec spec,
            JobState state,
            Restore restore,
            boolean firstDeployment,
            Optional<FlinkDeploymentSpec> earlier) {
        return write(spec, state, mode(restore), firstDeployment, earlier);
    }

    /** The text of a record of this spec, when what runs goes on under it: it was started as an earlier record says. */
    String rescaled(FlinkDeploymentSpec spec, Optional<FlinkDeploymentSpec> earlier) {
        var mode = earlier.flatMap(FlinkDeploymentSpec::job)
                .map(JobSpec::upgradeMode)
                .orElse(UpgradeMode.STATELESS);
        return write(spec, JobState.RUNNING, mode, false, earlier);
    }

    private String write(
            FlinkDeploymentSpec spec,
            JobState state,
            UpgradeMode mode,
            boolean firstDeployment,
            Optional<FlinkDeploymentSpec> earlier) {
        var recorded = spec.job()
                .map(job -> spec.withJob(withNonces(
                        job.withState(state).withUpgradeMode(mode), earlier.flatMap(FlinkDeploymentSpec::job))))
                .orElse(spec);
        return mapper.writeRecorded(LastReconciledSpec.of(recorded, FlinkDeployment.TYPE, firstDeployment));
    }

    private static JobSpec withNonces(JobSpec job, Optional<JobSpec> earlier) {
        if (earlier.isEmpty()) {
            return job;
        }
        var builder = job.toBuilder();
        builder.savepointTriggerNonce(earlier.get().savepointTriggerNonce());
        builder.checkpointTriggerNonce(earlier.get().checkpointTriggerNonce());
        return builder.build();
    }

    /** How the contract names where state comes from. */
    private static UpgradeMode mode(Restore restore) {
        return switch (restore.mode()) {
            case NONE -> UpgradeMode.STATELESS;
            case PATH, SAVED -> UpgradeMode.SAVEPOINT;
            case HIGH_AVAILABILITY -> UpgradeMode.LAST_STATE;
        };
    }

    /** Whether a spec wants something to run. A session cluster always does. */
    static boolean running(FlinkDeploymentSpec spec) {
        return spec.job().map(job -> job.state().equals(JobState.RUNNING)).orElse(true);
    }

    /** Whether nothing was deployed yet: a first deployment that was not finished is begun again. */
    boolean neverDeployed(FlinkDeployment resource) {
        var last = last(resource);
        return last.isEmpty()
                || last.get().firstDeployment()
                        && resource.status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING)
                        && (last.get().spec().job().isEmpty()
                                || !running(last.get().spec()));
    }
}
