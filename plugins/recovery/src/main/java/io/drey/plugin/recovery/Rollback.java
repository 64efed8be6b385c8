package io.drey.plugin.recovery;

import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.UpgradeMode;
import java.util.List;
import java.util.Optional;

/** A spec that does not become stable in time is replaced by the last one that was, with the state that there is. */
final class Rollback extends Remedy {
    Rollback() {
        super(Cause.ROLLBACK);
    }

    @Override
    public Proposal propose(Situation situation) {
        var run = Run.of(situation);
        var stable = situation.stable().map(resource -> (FlinkDeploymentSpec) resource.spec());
        if (run.isEmpty() || stable.isEmpty()) {
            return Proposal.Idle.NOW;
        }
        if (run.get().status().reconciliationStatus().state().equals(ReconciliationState.ROLLING_BACK)) {
            return back(run.get(), stable.get(), List.of());
        }
        return Trouble.of(run.get(), stable.get())
                .map(trouble -> due(run.get(), stable.get(), trouble))
                .orElse(Proposal.Idle.NOW);
    }

    private static Proposal due(Run run, FlinkDeploymentSpec stable, Trouble trouble) {
        return trouble.over().isPositive()
                ? new Proposal.Idle(Optional.of(trouble.over()))
                : back(run, stable, told(run, trouble));
    }

    private static List<Event> told(Run run, Trouble trouble) {
        var generation = run.status().observedGeneration().orElse(0L);
        return List.of(
                Event.warning(
                        "JobManagerDeployment",
                        "RevisionRejected",
                        "Generation " + generation + " " + trouble.why()
                                + ". The last stable spec is restored, and this one is not tried again until the spec"
                                + " changes"),
                Event.normal("JobManagerDeployment", "Rollback", "Rolling back failed deployment."));
    }

    private static Proposal back(Run run, FlinkDeploymentSpec stable, List<Event> told) {
        if (stable.job().isEmpty()) {
            return start(
                    stable,
                    Stop.of(StopMode.KILL),
                    run.highAvailability() ? Restore.HIGH_AVAILABILITY : Restore.NONE,
                    told);
        }
        // Without proof of its state nothing is replaced.
        return unlessHindered(
                chosen(
                        run.situation(),
                        startedEmpty(run) ? "stateless" : "last-state",
                        Target.STABLE,
                        go -> start(stable, go.stop(), go.restore(), told)),
                "it can be rolled back to the last stable spec");
    }

    private static Proposal start(FlinkDeploymentSpec stable, Stop stop, Restore restore, List<Event> told) {
        return Run.start(Cause.ROLLBACK, Target.STABLE, stable, stop, restore).telling(told);
    }

    /** Whether the run was started empty, and is to be: then there is no state to go back with. */
    private static boolean startedEmpty(Run run) {
        return run.stateless()
                && run.spec()
                        .job()
                        .map(JobSpec::upgradeMode)
                        .filter(UpgradeMode.STATELESS::equals)
                        .isPresent();
    }
}
