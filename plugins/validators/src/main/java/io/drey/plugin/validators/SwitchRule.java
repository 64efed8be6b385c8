package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkDeploymentSpec;
import java.util.ArrayList;
import java.util.List;

/** What a cluster is cannot change once it is deployed. */
final class SwitchRule extends DeploymentRule {
    SwitchRule() {
        super(1700);
    }

    @Override
    boolean inPlaceOnly() {
        return true;
    }

    @Override
    List<Violation> check(Candidate candidate) {
        return candidate
                .deployed()
                .map(before -> check(before, candidate.spec()))
                .orElse(List.of());
    }

    private static List<Violation> check(FlinkDeploymentSpec before, FlinkDeploymentSpec after) {
        var found = new ArrayList<Violation>();
        if (before.job().isPresent() != after.job().isPresent()) {
            found.add(Violation.of(
                    "spec.job",
                    "Cannot switch from " + kind(before) + " cluster to " + kind(after) + " cluster",
                    "Undo the change, or delete the resource and create it anew"));
        }
        if (!before.modeOrDefault().equals(after.modeOrDefault())) {
            found.add(Violation.of(
                    "spec.mode",
                    "Cannot switch from " + before.modeOrDefault() + " to " + after.modeOrDefault() + " mode",
                    "Undo the change, or delete the resource and create it anew"));
        }
        return found;
    }

    private static String kind(FlinkDeploymentSpec spec) {
        return spec.job().isPresent() ? "application" : "session";
    }
}
