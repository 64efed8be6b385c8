package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * How a job's state is carried over a change: {@code job.upgradeMode}.
 *
 * @param wire as it stands in the resource
 */
public record UpgradeMode(@JsonValue String wire) implements WireValue {
    /** The job starts empty. The default. */
    public static final UpgradeMode STATELESS = new UpgradeMode("stateless");
    /** Stop with savepoint, start from it. */
    public static final UpgradeMode SAVEPOINT = new UpgradeMode("savepoint");
    /** Start from the last checkpoint that high-availability metadata names. */
    public static final UpgradeMode LAST_STATE = new UpgradeMode("last-state");

    /** All values of the contract, in its order. */
    public static final List<UpgradeMode> KNOWN = List.of(STATELESS, SAVEPOINT, LAST_STATE);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UpgradeMode {
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
