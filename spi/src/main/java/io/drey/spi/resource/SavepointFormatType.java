package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Format of a savepoint, by the names of Flink's {@code SavepointFormatType}.
 *
 * @param wire as it stands in the resource
 */
public record SavepointFormatType(@JsonValue String wire) implements WireValue {
    public static final SavepointFormatType CANONICAL = new SavepointFormatType("CANONICAL");
    public static final SavepointFormatType NATIVE = new SavepointFormatType("NATIVE");
    public static final SavepointFormatType UNKNOWN = new SavepointFormatType("UNKNOWN");

    /** All values of the contract, in its order. */
    public static final List<SavepointFormatType> KNOWN = List.of(CANONICAL, NATIVE, UNKNOWN);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SavepointFormatType {
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
