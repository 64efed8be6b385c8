package io.drey.plugin.validators;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import java.util.List;

/** Restarting an unhealthy cluster is a recovery, which must not be switched off then. */
final class HealthCheckRule extends DeploymentRule {
    private static final ConfigKey<Boolean> HEALTH_CHECK = OperatorKeys.HEALTH_CHECK;
    private static final ConfigKey<Boolean> RECOVERY = OperatorKeys.JM_RECOVERY;

    HealthCheckRule() {
        super(600);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        if (!candidate.config().get(HEALTH_CHECK) || candidate.config().get(RECOVERY)) {
            return List.of();
        }
        return List.of(Violation.of(
                "spec.flinkConfiguration." + HEALTH_CHECK.name(),
                "The health check is on while " + RECOVERY.name() + " is off, and needs it",
                "Set " + RECOVERY.name() + " to true, or switch the health check off"));
    }
}
