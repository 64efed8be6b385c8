package io.drey.plugin.validators;

import io.drey.spi.config.ConfigKey;
import java.util.List;

/** A roll back starts from high-availability metadata. */
final class RollbackRule extends DeploymentRule {
    private static final ConfigKey<Boolean> ROLLBACK =
            ConfigKey.bool("kubernetes.operator.deployment.rollback.enabled", false);

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
