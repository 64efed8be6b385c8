package io.drey.spi;

import io.drey.spi.plan.Proposal;
import java.time.Duration;
import java.util.Optional;

/**
 * May hold an operation before it is recorded, never later: a maintenance window, a quota, a restart budget. Deletion is
 * held only by gates that say so.
 *
 * <p>Scope: one instance for all resources and tenants; it is asked about starts of every kind of resource. Thread: any,
 * many at once. Pure: the time is {@link Situation#now}, what it needs to know is a fact.
 *
 * <p>Failure: a gate that throws holds; it is a bug, and the pass is tried again.
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
     * @param until how long from now until it is asked again at the latest
     */
    record Hold(String reason, Duration until) {}
}
