package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkVersion;
import java.util.List;

/** Resources of a Flink version that is not run are left alone, whatever else is wrong with them. */
final class FlinkVersionRule extends DeploymentRule {
    FlinkVersionRule() {
        super(0);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var version = candidate.spec().flinkVersion();
        if (version.filter(v -> v.isKnown() && v.isSupported()).isPresent()) {
            return List.of();
        }
        return List.of(new Violation(
                "spec.flinkVersion",
                "Flink version " + version.map(FlinkVersion::wire).orElse("null")
                        + " is not supported by this operator version",
                "Set spec.flinkVersion to the version of Flink in the image, " + FlinkVersion.V1_15 + " to "
                        + FlinkVersion.KNOWN.getLast(),
                Effect.LEAVE_ALONE,
                "UnsupportedFlinkVersion"));
    }
}
