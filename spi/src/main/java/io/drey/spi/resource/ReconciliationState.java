package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * How the recorded spec and what runs relate: {@code status.reconciliationStatus.state}.
 *
 * @param wire as it stands in the resource
 */
public record ReconciliationState(@JsonValue String wire) implements WireValue {
    /** The recorded spec was deployed. */
    public static final ReconciliationState DEPLOYED = new ReconciliationState("DEPLOYED");
    /** On the way to the recorded spec. The default. */
    public static final ReconciliationState UPGRADING = new ReconciliationState("UPGRADING");
    /** On the way back to the last stable spec. */
    public static final ReconciliationState ROLLING_BACK = new ReconciliationState("ROLLING_BACK");
    /** The last stable spec was deployed again; the recorded one is the one that failed. */
    public static final ReconciliationState ROLLED_BACK = new ReconciliationState("ROLLED_BACK");

    /** All values of the contract, in its order. */
    public static final List<ReconciliationState> KNOWN = List.of(DEPLOYED, UPGRADING, ROLLING_BACK, ROLLED_BACK);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ReconciliationState {
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
