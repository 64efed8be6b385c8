package io.drey.plugin.nativek8s;

import io.drey.spi.Situation;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;

/** The FlinkDeployment that is launched. */
final class Targets {
    private Targets() {}

    /** The resource with the spec that a decorator is asked about. */
    static FlinkDeployment of(Situation situation) {
        return of(situation.admitted().orElseGet(situation::resource));
    }

    static FlinkDeployment of(CustomResource resource) {
        if (resource instanceof FlinkDeployment deployment) {
            return deployment;
        }
        throw new IllegalArgumentException("kind: found " + resource.type().kind()
                + ", deployer native makes clusters for FlinkDeployment only. Use the deployer of that kind");
    }

    /** The version of Flink in the image. */
    static FlinkVersion version(FlinkDeploymentSpec spec) {
        var version = spec.flinkVersion()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "spec.flinkVersion: found nothing, must be the version of Flink in the image, such as v2_0. Set it"));
        if (version.major() == 0) {
            throw new IllegalArgumentException("spec.flinkVersion: found " + version
                    + ", must be of the form v2_0. Set it to the version of Flink in the image");
        }
        return version;
    }
}
