package io.drey.plugin.unattended;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.FlinkSessionJob;
import java.util.Set;

/** What the deletion of a FlinkSessionJob calls for: its job is cancelled, if there is one. */
final class SessionJobDelete implements Proposer {
    @Override
    public Set<String> kinds() {
        return Set.of(FlinkSessionJob.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.DELETE;
    }

    @Override
    public Proposal propose(Situation situation) {
        var job = (FlinkSessionJob) situation.resource();
        boolean held = FlinkSessionJob.TYPE.finalizer().stream()
                .anyMatch(job.metadata().finalizers()::contains);
        boolean mayRun = job.status().jobStatus().jobId().isPresent()
                && job.status()
                        .jobStatus()
                        .state()
                        .filter(FlinkJobState::isGloballyTerminal)
                        .isEmpty();
        if (!held || !mayRun || !SessionJobDeployer.mayRun(situation)) {
            return Proposal.Idle.NOW;
        }
        return new Proposal.Start(
                Cause.DELETE,
                Target.DEPLOYED,
                Stop.of(StopMode.NONE),
                Restore.NONE,
                false,
                "unattended/delete",
                SessionJobDeployer.NAME);
    }
}
