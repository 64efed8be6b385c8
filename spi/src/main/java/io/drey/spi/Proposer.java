package io.drey.spi;

import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plan.Proposal;
import java.util.Set;

/**
 * Proposes what to do about a resource. Asked tier by tier; the first {@link Proposal.Start} wins, chores all run.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: any, many at once. Pure: the time is {@link
 * Situation#now}, what it needs to know is a fact. It remembers nothing; what must be remembered is a {@link StatusPart}.
 *
 * <p>Failure: a change proposer or remedy that throws starts nothing, and no proposer after it starts anything in that pass. A
 * running operation goes on. Deletion waits for a proposer of tier DELETE that throws; for one of another plugin than the
 * kind's only until the user bypasses it by an annotation. A chore that throws backs off by itself.
 */
public interface Proposer {
    /** The kinds that it knows, by their {@code kind}. */
    Set<String> kinds();

    /** When it is asked. */
    Tier tier();

    /** The cause by which remedies are ordered; others ignore it. */
    default Cause cause() {
        return Cause.CHANGE;
    }

    /** What to do now. */
    Proposal propose(Situation situation);

    /** In the order in which they are asked. */
    enum Tier {
        /** The resource is being deleted: everybody is asked, anybody may block. */
        DELETE,
        /** The user changed something. One per kind. */
        CHANGE,
        /** What runs is not well. */
        REMEDY,
        /** Beside everything else. */
        CHORE
    }
}
