package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Why a snapshot was taken.
 *
 * @param wire as it stands in the resource
 */
public record SnapshotTriggerType(@JsonValue String wire) implements WireValue {
    public static final SnapshotTriggerType MANUAL = new SnapshotTriggerType("MANUAL");
    public static final SnapshotTriggerType PERIODIC = new SnapshotTriggerType("PERIODIC");
    public static final SnapshotTriggerType UPGRADE = new SnapshotTriggerType("UPGRADE");
    public static final SnapshotTriggerType UNKNOWN = new SnapshotTriggerType("UNKNOWN");

    /** All values of the contract, in its order. */
    public static final List<SnapshotTriggerType> KNOWN = List.of(MANUAL, PERIODIC, UPGRADE, UNKNOWN);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SnapshotTriggerType {
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
