package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A Flink cluster of its own: for one job (an application cluster) or for session jobs.
 *
 * @param metadata name, labels and what else Kubernetes keeps of each object
 * @param spec what is wanted
 * @param status what is known
 */
public record FlinkDeployment(Metadata metadata, FlinkDeploymentSpec spec, FlinkDeploymentStatus status)
        implements FlinkResource {
    /** Its names in the API. */
    public static final ResourceType TYPE =
            ResourceType.flink("FlinkDeployment", "flinkdeployments", List.of("flinkdep"));

    public FlinkDeployment {
        requireNonNull(metadata, "metadata");
        requireNonNull(spec, "spec");
        requireNonNull(status, "status");
    }

    @Override
    public ResourceType type() {
        return TYPE;
    }

    /** The same with another spec. */
    public FlinkDeployment withSpec(FlinkDeploymentSpec spec) {
        return new FlinkDeployment(metadata, spec, status);
    }

    /** The same with another status. */
    public FlinkDeployment withStatus(FlinkDeploymentStatus status) {
        return new FlinkDeployment(metadata, spec, status);
    }
}
