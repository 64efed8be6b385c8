package io.drey.plugin.validators;

import java.util.List;

/** Keys that follow from the resource's name and namespace. */
final class ReservedKeysRule extends DeploymentRule {
    private static final List<String> RESERVED =
            List.of("kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id");

    ReservedKeysRule() {
        super(400);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        return RESERVED.stream()
                .flatMap(key -> candidate.config().get(key).stream().map(value -> violation(key, value)))
                .toList();
    }

    private static Violation violation(String key, String value) {
        return Violation.of(
                "spec.flinkConfiguration." + key,
                "Forbidden key: it is set to '" + value + "', and must follow from the resource's name and namespace",
                "Remove the key, here or where it comes from in the operator's defaults");
    }
}
