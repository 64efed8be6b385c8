package io.drey.plugin.validators;

import java.util.List;

/** A redeployment from a savepoint must say from which. */
final class SavepointRedeployRule extends DeploymentRule {
    SavepointRedeployRule() {
        super(1800);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var recorded = candidate.deployed().flatMap(spec -> spec.job());
        var asked = candidate.job().filter(job -> job.savepointRedeployNonce().isPresent());
        if (recorded.isEmpty()
                || asked.isEmpty()
                || asked.get().savepointRedeployNonce().equals(recorded.get().savepointRedeployNonce())
                || asked.get()
                        .initialSavepointPath()
                        .filter(path -> !path.isBlank())
                        .isPresent()) {
            return List.of();
        }
        return List.of(Violation.of(
                "spec.job.initialSavepointPath",
                "It is empty while spec.job.savepointRedeployNonce is new, and must name the savepoint",
                "Set it to the path of the savepoint, or take the nonce back"));
    }
}
