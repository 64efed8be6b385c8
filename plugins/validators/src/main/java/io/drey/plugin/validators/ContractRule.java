package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule;
import io.drey.spi.config.BadConfig;
import io.drey.spi.resource.FlinkBlueGreenDeployment;
import java.util.List;

/** A rule of the contract, at its place there. A configuration value that cannot be read is a violation. */
abstract class ContractRule implements AdmissionRule {
    static final String CONFIG = "spec.flinkConfiguration.";

    private final int order;

    /** @param order hundred times the number that the contract gives to the rule */
    ContractRule(int order) {
        this.order = order;
    }

    /** All violations; empty for kinds that the rule does not know. */
    abstract List<Violation> violations(AdmissionRequest request);

    @Override
    public final int order() {
        return order;
    }

    @Override
    public final List<Violation> check(AdmissionRequest request) {
        try {
            return violations(request);
        } catch (BadConfig e) {
            if (KeyValuesRule.judges(request.resource(), e.key())) {
                return List.of();
            }
            var unreadable = List.of(Violation.of(
                    CONFIG + e.key(), String.valueOf(e.getMessage()), "Correct the value or leave the key out"));
            return request.resource() instanceof FlinkBlueGreenDeployment
                    ? BlueGreenChild.inTemplate(unreadable)
                    : unreadable;
        }
    }
}
