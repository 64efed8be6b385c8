package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * One word for where a resource is: {@code status.lifecycleState}, derived by {@link FlinkStatus#deriveLifecycleState}.
 *
 * @param wire as it stands in the resource
 */
public record LifecycleState(@JsonValue String wire) implements WireValue {
    public static final LifecycleState CREATED = new LifecycleState("CREATED");
    public static final LifecycleState SUSPENDED = new LifecycleState("SUSPENDED");
    public static final LifecycleState UPGRADING = new LifecycleState("UPGRADING");
    public static final LifecycleState DEPLOYED = new LifecycleState("DEPLOYED");
    public static final LifecycleState STABLE = new LifecycleState("STABLE");
    public static final LifecycleState ROLLING_BACK = new LifecycleState("ROLLING_BACK");
    public static final LifecycleState ROLLED_BACK = new LifecycleState("ROLLED_BACK");
    public static final LifecycleState FAILED = new LifecycleState("FAILED");
    public static final LifecycleState DELETING = new LifecycleState("DELETING");
    public static final LifecycleState DELETED = new LifecycleState("DELETED");

    /** All values of the contract, in its order. */
    public static final List<LifecycleState> KNOWN = List.of(
            CREATED, SUSPENDED, UPGRADING, DEPLOYED, STABLE, ROLLING_BACK, ROLLED_BACK, FAILED, DELETING, DELETED);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public LifecycleState {
        requireNonNull(wire, "wire");
    }

    @Override
    public boolean isKnown() {
        return KNOWN.contains(this);
    }

    /** Whether nothing more happens until the spec changes or something fails. */
    public boolean isTerminal() {
        return equals(SUSPENDED) || equals(STABLE) || equals(ROLLED_BACK) || equals(FAILED) || equals(DELETED);
    }

    @Override
    public String toString() {
        return wire;
    }
}
