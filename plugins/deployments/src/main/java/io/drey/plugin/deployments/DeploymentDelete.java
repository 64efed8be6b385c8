package io.drey.plugin.deployments;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceMapper;
import jakarta.inject.Inject;
import java.util.Set;

/** What deletion calls for: cancel, remove the cluster and its high-availability metadata, let go. */
final class DeploymentDelete implements Proposer {
    private final Recorded recorded;

    @Inject
    DeploymentDelete(ResourceMapper mapper) {
        this.recorded = new Recorded(mapper);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.DELETE;
    }

    @Override
    public Proposal propose(Situation situation) {
        var resource = (FlinkDeployment) situation.resource();
        if (FlinkDeployment.TYPE.finalizer().stream()
                .noneMatch(resource.metadata().finalizers()::contains)) {
            return Proposal.Idle.NOW;
        }
        var spec = recorded.deployed(resource).orElse(resource.spec());
        boolean jobRuns = spec.job().isPresent()
                && resource.status().jobStatus().state().isPresent()
                && !Jobs.ended(resource.status());
        var stop = jobRuns ? StopMode.CANCEL : StopMode.KILL;
        return new Proposal.Start(
                Cause.DELETE,
                Target.DEPLOYED,
                Stop.of(stop),
                Restore.NONE,
                false,
                "deployments/delete",
                DeploymentChange.deployer(spec));
    }
}
