package io.drey.spi;

import io.drey.spi.plan.Proposal;
import java.time.Duration;
import java.util.Optional;

/**
 * May hold an operation before it is recorded, never later: a maintenance window, a quota, a restart budget. Pure. A
 * gate that throws holds. Deletion is held only by gates that say so.
 */
public interface Gate {
    /** Why this start must wait; empty to let it through. */
    Optional<Hold> check(Proposal.Start start, Situation situation);

    /** Whether it may hold deletion too. */
    default boolean holdsDeletion() {
        return false;
    }

    /**
     * @param reason shown in the condition
     * @param until when to ask again at the latest
     */
    record Hold(String reason, Duration until) {}
}
