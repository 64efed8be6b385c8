package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A job on a session cluster.
 *
 * @param metadata name, labels and what else Kubernetes keeps of each object
 * @param spec what is wanted
 * @param status what is known
 */
public record FlinkSessionJob(Metadata metadata, FlinkSessionJobSpec spec, FlinkSessionJobStatus status)
        implements FlinkResource {
    /** Its names in the API. */
    public static final ResourceType TYPE =
            ResourceType.flink("FlinkSessionJob", "flinksessionjobs", List.of("sessionjob"));

    public FlinkSessionJob {
        requireNonNull(metadata, "metadata");
        requireNonNull(spec, "spec");
        requireNonNull(status, "status");
    }

    @Override
    public ResourceType type() {
        return TYPE;
    }

    /** The same with another spec. */
    public FlinkSessionJob withSpec(FlinkSessionJobSpec spec) {
        return new FlinkSessionJob(metadata, spec, status);
    }

    /** The same with another status. */
    public FlinkSessionJob withStatus(FlinkSessionJobStatus status) {
        return new FlinkSessionJob(metadata, spec, status);
    }
}
