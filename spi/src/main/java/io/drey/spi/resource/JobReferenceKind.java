package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Kind of the resource that a snapshot is taken of.
 *
 * @param wire as it stands in the resource
 */
public record JobReferenceKind(@JsonValue String wire) implements WireValue {
    public static final JobReferenceKind FLINK_DEPLOYMENT = new JobReferenceKind("FlinkDeployment");
    public static final JobReferenceKind FLINK_SESSION_JOB = new JobReferenceKind("FlinkSessionJob");

    /** All values of the contract, in its order. */
    public static final List<JobReferenceKind> KNOWN = List.of(FLINK_DEPLOYMENT, FLINK_SESSION_JOB);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobReferenceKind {
        requireNonNull(wire, "wire");
    }

    @Override
    public boolean isKnown() {
        return KNOWN.contains(this);
    }

    @Override
    public String toString() {
        return wire;
    }
}
