package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkSessionJob;
import java.util.List;

/** The cluster of a session job takes jobs. */
final class SessionClusterRule extends ContractRule {
    SessionClusterRule() {
        super(500);
    }

    @Override
    List<Violation> violations(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkSessionJob job)) {
            return List.of();
        }
        return SessionCluster.of(job, request)
                .filter(cluster -> cluster.spec().job().isPresent())
                .map(cluster -> Violation.of(
                        SessionJobRule.CLUSTER,
                        "Found '" + cluster.metadata().name()
                                + "', which is an application cluster and runs its own job only",
                        "Name a session cluster: a FlinkDeployment without spec.job"))
                .stream()
                .toList();
    }
}
