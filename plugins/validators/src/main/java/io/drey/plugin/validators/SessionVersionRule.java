package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkSessionJob;
import java.util.List;

/** A session job runs on its cluster's version of Flink. */
final class SessionVersionRule extends ContractRule {
    SessionVersionRule() {
        super(0);
    }

    @Override
    List<Violation> violations(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkSessionJob job)) {
            return List.of();
        }
        return SessionCluster.of(job, request)
                .map(cluster -> FlinkVersionRule.check(
                        SessionJobRule.CLUSTER, cluster.spec().flinkVersion()))
                .orElse(List.of());
    }
}
