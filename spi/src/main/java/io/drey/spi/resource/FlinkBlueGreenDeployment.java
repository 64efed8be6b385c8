package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Two clusters of which one is active while the other is made ready.
 *
 * @param metadata name, labels and what else Kubernetes keeps of each object
 * @param spec what is wanted
 * @param status what is known
 */
public record FlinkBlueGreenDeployment(
        Metadata metadata, FlinkBlueGreenDeploymentSpec spec, FlinkBlueGreenDeploymentStatus status)
        implements CustomResource {
    /** Its names in the API. */
    public static final ResourceType TYPE = ResourceType.flink(
                    "FlinkBlueGreenDeployment", "flinkbluegreendeployments", List.of("flinkbgdep"))
            .withoutFinalizer();

    public FlinkBlueGreenDeployment {
        requireNonNull(metadata, "metadata");
        requireNonNull(spec, "spec");
        requireNonNull(status, "status");
    }

    @Override
    public ResourceType type() {
        return TYPE;
    }

    /** The same with another spec. */
    public FlinkBlueGreenDeployment withSpec(FlinkBlueGreenDeploymentSpec spec) {
        return new FlinkBlueGreenDeployment(metadata, spec, status);
    }

    /** The same with another status. */
    public FlinkBlueGreenDeployment withStatus(FlinkBlueGreenDeploymentStatus status) {
        return new FlinkBlueGreenDeployment(metadata, spec, status);
    }
}
