package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import java.util.List;
import java.util.Optional;

/** A rule for FlinkDeployments, and for those that a FlinkBlueGreenDeployment makes from its template. */
abstract class DeploymentRule extends ContractRule {
    DeploymentRule(int order) {
        super(order);
    }

    abstract List<Violation> check(Candidate candidate);

    /** Whether the rule is about going from one spec to the next in place, which blue/green deployments do not. */
    boolean inPlaceOnly() {
        return false;
    }

    @Override
    final List<Violation> violations(AdmissionRequest request) {
        if (request.resource() instanceof FlinkDeployment deployment) {
            var deployed = request.deployed().flatMap(DeploymentRule::deployment);
            return check(new Candidate(deployment, deployed, request.config()));
        }
        if (request.resource() instanceof FlinkBlueGreenDeployment pair && !inPlaceOnly()) {
            return BlueGreenChild.of(pair)
                    .map(child -> check(new Candidate(
                            child, request.deployed().flatMap(DeploymentRule::template), request.config())))
                    .map(BlueGreenChild::inTemplate)
                    .orElse(List.of());
        }
        return List.of();
    }

    private static Optional<FlinkDeploymentSpec> deployment(Object resource) {
        return resource instanceof FlinkDeployment other ? Optional.of(other.spec()) : Optional.empty();
    }

    private static Optional<FlinkDeploymentSpec> template(Object resource) {
        return resource instanceof FlinkBlueGreenDeployment other
                ? BlueGreenChild.of(other).map(FlinkDeployment::spec)
                : Optional.empty();
    }
}
