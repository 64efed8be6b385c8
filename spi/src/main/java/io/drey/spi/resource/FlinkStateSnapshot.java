package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A savepoint or checkpoint of a job.
 *
 * @param metadata name, labels and what else Kubernetes keeps of each object
 * @param spec what is wanted
 * @param status what is known
 */
public record FlinkStateSnapshot(Metadata metadata, FlinkStateSnapshotSpec spec, FlinkStateSnapshotStatus status)
        implements CustomResource {
    /** Its names in the API. */
    public static final ResourceType TYPE =
            ResourceType.flink("FlinkStateSnapshot", "flinkstatesnapshots", List.of("flinksnp"));

    public FlinkStateSnapshot {
        requireNonNull(metadata, "metadata");
        requireNonNull(spec, "spec");
        requireNonNull(status, "status");
    }

    @Override
    public ResourceType type() {
        return TYPE;
    }

    /** The same with another spec. */
    public FlinkStateSnapshot withSpec(FlinkStateSnapshotSpec spec) {
        return new FlinkStateSnapshot(metadata, spec, status);
    }

    /** The same with another status. */
    public FlinkStateSnapshot withStatus(FlinkStateSnapshotStatus status) {
        return new FlinkStateSnapshot(metadata, spec, status);
    }
}
