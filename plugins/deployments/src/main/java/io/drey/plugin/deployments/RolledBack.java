package io.drey.plugin.deployments;

import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import java.util.Optional;

/** After a rollback: the spec that was rejected is not tried again, and one like the stable one is carried out already. */
record RolledBack(Recorded recorded, SpecDiffs diffs) {
    /** Whether the spec calls for nothing: it is the rejected one still, or again the one that runs. */
    boolean calm(FlinkDeployment resource, Situation situation) {
        var generation = Optional.of(resource.metadata().generation());
        return resource.status().observedGeneration().equals(generation)
                || reverted(situation)
                || admitted(situation)
                        .flatMap(spec -> recorded.last(resource).map(last -> diffs.between(running(last.spec()), spec)))
                        .filter(diff -> diff.type() == SpecDiff.Type.IGNORE)
                        .isPresent();
    }

    /** Whether the spec is the one that runs. */
    static boolean reverted(Situation situation) {
        return situation.violations().isEmpty() && situation.diff().type() == SpecDiff.Type.IGNORE;
    }

    /** The spec as it is, with what runs recorded as its deployment (S206). */
    FlinkDeployment accepted(FlinkDeployment resource, Situation situation) {
        var last = recorded.last(resource).orElseThrow();
        var mode = last.spec().job();
        var spec = admitted(situation).orElseThrow();
        var running = spec.job()
                .map(job -> spec.withJob(
                        job.withUpgradeMode(mode.orElse(job).upgradeMode()).withState(JobState.RUNNING)))
                .orElse(spec);
        var status = resource.status();
        return resource.withStatus(status.toBuilder()
                .reconciliationStatus(status.reconciliationStatus()
                        .withLastReconciledSpec(recorded.mapper().writeRecorded(last.withSpec(running)))
                        .withState(ReconciliationState.DEPLOYED))
                .error(Optional.empty())
                .build());
    }

    private static Optional<FlinkDeploymentSpec> admitted(Situation situation) {
        return situation.admitted().map(resource -> (FlinkDeploymentSpec) resource.spec());
    }

    /** The record of a rollback that was begun by another operator may say that nothing runs. */
    private static FlinkDeploymentSpec running(FlinkDeploymentSpec spec) {
        return spec.job()
                .map(job -> spec.withJob(job.withState(JobState.RUNNING)))
                .orElse(spec);
    }
}
