package io.drey.plugin.validators;

import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.FlinkBlueGreenDeploymentSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a pair of deployments needs beside a good template: a template at all, a job in it, settings that can be read. */
final class BlueGreenRule extends ContractRule {
    private static final List<ConfigKey<Duration>> SETTINGS = List.of(
            OperatorKeys.BLUE_GREEN_ABORT, OperatorKeys.BLUE_GREEN_RESCHEDULE, OperatorKeys.BLUE_GREEN_DELETION_DELAY);

    BlueGreenRule() {
        super(50);
    }

    @Override
    List<Violation> violations(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkBlueGreenDeployment pair)) {
            return List.of();
        }
        var found = new ArrayList<Violation>();
        template(pair.spec()).ifPresent(found::add);
        IngressRule.check(pair.metadata(), pair.spec().ingress()).ifPresent(found::add);
        var settings = new FlinkConfig(pair.spec().configuration());
        SETTINGS.forEach(key -> setting(settings, key).ifPresent(found::add));
        return found;
    }

    private static Optional<Violation> template(FlinkBlueGreenDeploymentSpec spec) {
        var child = spec.template().flatMap(template -> template.spec());
        if (child.isEmpty()) {
            return Optional.of(Violation.of(
                    "spec.template.spec",
                    "It is missing, and must be the spec of a FlinkDeployment",
                    "Set it to what the active deployment is to be like"));
        }
        return child.get().job().isPresent()
                ? Optional.empty()
                : Optional.of(Violation.of(
                        "spec.template.spec.job",
                        "The job is missing, and blue/green deployments are for applications only",
                        "Set the job, or use a FlinkDeployment for a session cluster"));
    }

    private static Optional<Violation> setting(FlinkConfig settings, ConfigKey<Duration> key) {
        try {
            settings.get(key);
            return Optional.empty();
        } catch (BadConfig e) {
            return Optional.of(Violation.of(
                    "spec.configuration." + e.key(),
                    String.valueOf(e.getMessage()),
                    "Correct the value or leave the key out"));
        }
    }
}
