package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Where a blue/green deployment is: {@code status.blueGreenState}.
 *
 * @param wire as it stands in the resource
 */
public record BlueGreenState(@JsonValue String wire) implements WireValue {
    public static final BlueGreenState INITIALIZING_BLUE = new BlueGreenState("INITIALIZING_BLUE");
    public static final BlueGreenState ACTIVE_BLUE = new BlueGreenState("ACTIVE_BLUE");
    public static final BlueGreenState ACTIVE_GREEN = new BlueGreenState("ACTIVE_GREEN");
    public static final BlueGreenState TRANSITIONING_TO_BLUE = new BlueGreenState("TRANSITIONING_TO_BLUE");
    public static final BlueGreenState TRANSITIONING_TO_GREEN = new BlueGreenState("TRANSITIONING_TO_GREEN");
    public static final BlueGreenState SAVEPOINTING_BLUE = new BlueGreenState("SAVEPOINTING_BLUE");
    public static final BlueGreenState SAVEPOINTING_GREEN = new BlueGreenState("SAVEPOINTING_GREEN");

    /** All values of the contract, in its order. */
    public static final List<BlueGreenState> KNOWN = List.of(
            INITIALIZING_BLUE,
            ACTIVE_BLUE,
            ACTIVE_GREEN,
            TRANSITIONING_TO_BLUE,
            TRANSITIONING_TO_GREEN,
            SAVEPOINTING_BLUE,
            SAVEPOINTING_GREEN);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BlueGreenState {
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
