package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule;
import io.drey.spi.config.BadConfig;
import io.drey.spi.resource.FlinkDeployment;
import java.util.List;
import java.util.Optional;

/** A rule for FlinkDeployments: it has nothing to say about other kinds. */
abstract class DeploymentRule implements AdmissionRule {
    private final int order;

    /** @param order hundred times the number that the contract gives to the rule */
    DeploymentRule(int order) {
        this.order = order;
    }

    abstract List<Violation> check(Candidate candidate);

    @Override
    public final int order() {
        return order;
    }

    @Override
    public final List<Violation> check(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkDeployment deployment)) {
            return List.of();
        }
        var deployed = request.deployed()
                .flatMap(resource ->
                        resource instanceof FlinkDeployment other ? Optional.of(other.spec()) : Optional.empty());
        try {
            return check(new Candidate(deployment, deployed, request.config()));
        } catch (BadConfig e) {
            return List.of(Violation.of(
                    "spec.flinkConfiguration." + e.key(),
                    String.valueOf(e.getMessage()),
                    "Correct the value or leave the key out"));
        }
    }
}
