package io.drey.spi;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How two specs differ.
 *
 * @param changes by field, in the order of the spec; empty when they are equal
 */
public record SpecDiff(List<Change> changes) {
    /** No difference. */
    public static final SpecDiff NONE = new SpecDiff(List.of());

    /** What a change calls for; rising, the highest of all changes counts. */
    public enum Type {
        /** Nothing but bookkeeping. */
        IGNORE,
        /** Other parallelism of what runs. */
        SCALE,
        /** A new launch, with state as the upgrade mode says. */
        UPGRADE,
        /** A new launch from a given savepoint, whatever runs. */
        SAVEPOINT_REDEPLOY
    }

    /**
     * @param field path below {@code spec}
     * @param from old value as text, secrets not removed: not for logs as it is
     * @param to new value as text
     */
    public record Change(Type type, String field, String from, String to) {}

    public SpecDiff {
        changes = List.copyOf(changes);
    }

    /** The highest type. */
    public Type type() {
        return changes.stream().map(Change::type).max(Type::compareTo).orElse(Type.IGNORE);
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** {@code field : old -> new, ...}, as events tell it. */
    public String describe() {
        return changes.stream()
                .map(change -> change.field() + " : " + change.from() + " -> " + change.to())
                .collect(Collectors.joining(", "));
    }
}
