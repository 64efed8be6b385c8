package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkVersion;
import java.util.List;
import java.util.Optional;

/** Resources of a Flink version that is not run are left alone, whatever else is wrong with them. */
final class FlinkVersionRule extends DeploymentRule {
    FlinkVersionRule() {
        super(0);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        return check("spec.flinkVersion", candidate.spec().flinkVersion());
    }

    /** @param field that brought the version here */
    static List<Violation> check(String field, Optional<FlinkVersion> version) {
        if (version.filter(v -> v.isKnown() && v.isSupported()).isPresent()) {
            return List.of();
        }
        return List.of(new Violation(
                field,
                "Flink version " + version.map(FlinkVersion::wire).orElse("null")
                        + " is not supported by this operator version",
                "Set spec.flinkVersion of the FlinkDeployment to the version of Flink in the image, "
                        + FlinkVersion.V1_15 + " to " + FlinkVersion.KNOWN.getLast(),
                Effect.LEAVE_ALONE,
                "UnsupportedFlinkVersion"));
    }
}
