package io.drey.plugin.validators;

import java.util.List;

/** Flink asks Kubernetes for pods and ConfigMaps under this account. */
final class ServiceAccountRule extends DeploymentRule {
    ServiceAccountRule() {
        super(1900);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        if (candidate.spec().serviceAccount().isPresent()) {
            return List.of();
        }
        return List.of(Violation.of(
                "spec.serviceAccount",
                "The service account is missing, and must be defined",
                "Set it; the Helm chart makes one of the name flink"));
    }
}
