package io.drey.plugin.validators;

import io.drey.spi.config.ConfigKey;
import java.util.List;

/** Restarting an unhealthy cluster is a recovery, which must not be switched off then. */
final class HealthCheckRule extends DeploymentRule {
    private static final ConfigKey<Boolean> HEALTH_CHECK =
            ConfigKey.bool("kubernetes.operator.cluster.health-check.enabled", false);
    private static final ConfigKey<Boolean> RECOVERY = ConfigKey.bool(
            "kubernetes.operator.jm-deployment-recovery.enabled",
            true,
            "kubernetes.operator.reconciler.jm-deployment-recovery.enabled");

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
