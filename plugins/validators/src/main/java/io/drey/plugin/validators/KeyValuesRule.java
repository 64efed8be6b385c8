package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.OperatorKeys.Entry;
import io.drey.spi.config.OperatorKeys.Scope;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeploymentSpec;
import java.util.ArrayList;
import java.util.List;

/** Values of the operator's keys in the resource itself. A fault in the defaults must not hold up all resources. */
final class KeyValuesRule extends DeploymentRule {
    KeyValuesRule() {
        super(2000);
    }

    /** Whether this rule is the one to refuse a value of the key, which others have read as well. */
    static boolean judges(CustomResource resource, String key) {
        return resource.spec() instanceof FlinkDeploymentSpec spec
                && spec.flinkConfiguration().flatten().containsKey(key)
                && OperatorKeys.find(key).filter(KeyValuesRule::judged).isPresent();
    }

    private static boolean judged(Entry entry) {
        return entry.effect() == OperatorKeys.Effect.WORKS && entry.scope() == Scope.RESOURCE;
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var own = new FlinkConfig(candidate.spec().flinkConfiguration().flatten());
        List<Violation> found = new ArrayList<>();
        for (var entry : OperatorKeys.table()) {
            if (judged(entry)) {
                try {
                    own.get(entry.key());
                } catch (BadConfig e) {
                    found.add(Violation.of(
                            CONFIG + e.key(),
                            String.valueOf(e.getMessage()),
                            "Correct the value or leave the key out"));
                }
            }
        }
        return found;
    }
}
