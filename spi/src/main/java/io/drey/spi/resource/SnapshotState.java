package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * How far a snapshot is: {@code status.state} of a FlinkStateSnapshot.
 *
 * @param wire as it stands in the resource
 */
public record SnapshotState(@JsonValue String wire) implements WireValue {
    /** Not asked for yet. The default. */
    public static final SnapshotState TRIGGER_PENDING = new SnapshotState("TRIGGER_PENDING");

    public static final SnapshotState IN_PROGRESS = new SnapshotState("IN_PROGRESS");
    public static final SnapshotState COMPLETED = new SnapshotState("COMPLETED");
    public static final SnapshotState FAILED = new SnapshotState("FAILED");
    /** Given up, since its job was not there to finish it. */
    public static final SnapshotState ABANDONED = new SnapshotState("ABANDONED");

    /** All values of the contract, in its order. */
    public static final List<SnapshotState> KNOWN = List.of(TRIGGER_PENDING, IN_PROGRESS, COMPLETED, FAILED, ABANDONED);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SnapshotState {
        requireNonNull(wire, "wire");
    }

    @Override
    public boolean isKnown() {
        return KNOWN.contains(this);
    }

    /** Whether it will not change any more. */
    public boolean isTerminal() {
        return equals(COMPLETED) || equals(FAILED) || equals(ABANDONED);
    }

    @Override
    public String toString() {
        return wire;
    }
}
