package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Whether a checkpoint was full or incremental.
 *
 * @param wire as it stands in the resource
 */
public record CheckpointFormatType(@JsonValue String wire) implements WireValue {
    public static final CheckpointFormatType FULL = new CheckpointFormatType("FULL");
    public static final CheckpointFormatType INCREMENTAL = new CheckpointFormatType("INCREMENTAL");
    public static final CheckpointFormatType UNKNOWN = new CheckpointFormatType("UNKNOWN");

    /** All values of the contract, in its order. */
    public static final List<CheckpointFormatType> KNOWN = List.of(FULL, INCREMENTAL, UNKNOWN);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CheckpointFormatType {
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
