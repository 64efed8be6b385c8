package io.drey.plugin.validators;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import java.util.List;

/** A roll back starts from high-availability metadata. */
final class RollbackRule extends DeploymentRule {
    private static final ConfigKey<Boolean> ROLLBACK = OperatorKeys.ROLLBACK;

    RollbackRule() {
        super(500);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        if (!candidate.config().get(ROLLBACK) || candidate.config().highAvailability()) {
            return List.of();
        }
        return List.of(Violation.of(
                "spec.flinkConfiguration." + ROLLBACK.name(),
                "Rollback is on without high availability, and needs it",
                "Set high-availability.type (kubernetes) and high-availability.storageDir, or switch rollback off"));
    }
}
