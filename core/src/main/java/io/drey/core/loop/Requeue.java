package io.drey.core.loop;

import java.time.Duration;

/** When a key is due again, as its pass says. */
public sealed interface Requeue {
    /** When something changes. Forgets earlier failures. */
    record None() implements Requeue {}

    /** At the latest after this time. Forgets earlier failures. */
    record After(Duration delay) implements Requeue {}

    /**
     * After a delay that grows with each failure in a row.
     *
     * @param limit the longest delay
     */
    record BackOff(Duration limit) implements Requeue {}

    /** When something changes. */
    static Requeue none() {
        return new None();
    }

    /** At once. */
    static Requeue now() {
        return new After(Duration.ZERO);
    }

    /** At the latest after this time. */
    static Requeue after(Duration delay) {
        return new After(delay);
    }

    /** After a growing delay. */
    static Requeue backOff(Duration limit) {
        return new BackOff(limit);
    }
}
