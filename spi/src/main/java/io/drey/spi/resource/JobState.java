package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * What the user wants of a job: {@code job.state}. What Flink says about it is a {@link FlinkJobState}.
 *
 * @param wire as it stands in the resource
 */
public record JobState(@JsonValue String wire) implements WireValue {
    public static final JobState RUNNING = new JobState("running");
    public static final JobState SUSPENDED = new JobState("suspended");

    /** All values of the contract, in its order. */
    public static final List<JobState> KNOWN = List.of(RUNNING, SUSPENDED);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobState {
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
