package io.drey.spi.plan;

import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a proposer answers. */
public sealed interface Proposal {

    /**
     * Begin an operation.
     *
     * @param chosenBy {@code plugin/name} of what chose
     * @param deployer by name
     * @param launch whether something is started at the end
     * @param results what is known beforehand of the state that is restored, by the names in {@link Operation}
     * @param events told when it is recorded
     * @param state where the state of the job is, whatever this spec restores; empty when that is not known, since the
     *     spec gives it up
     */
    record Start(
            Cause cause,
            Target target,
            Stop stop,
            Restore restore,
            boolean launch,
            String chosenBy,
            String deployer,
            Map<String, String> results,
            List<Event> events,
            Optional<Restore> state)
            implements Proposal {
        public Start {
            results = Map.copyOf(results);
            events = List.copyOf(events);
        }

        /** A start that its kind tells about. */
        public Start(
                Cause cause,
                Target target,
                Stop stop,
                Restore restore,
                boolean launch,
                String chosenBy,
                String deployer,
                Map<String, String> results) {
            this(cause, target, stop, restore, launch, chosenBy, deployer, results, List.of(), Optional.of(restore));
        }

        /** A start of which nothing is known beforehand. */
        public Start(
                Cause cause,
                Target target,
                Stop stop,
                Restore restore,
                boolean launch,
                String chosenBy,
                String deployer) {
            this(cause, target, stop, restore, launch, chosenBy, deployer, Map.of());
        }

        /** The same, and these events are told when it is recorded. */
        public Start telling(List<Event> told) {
            return new Start(cause, target, stop, restore, launch, chosenBy, deployer, results, told, state);
        }

        /** The same, of a spec that does not restore the state that the job has. */
        public Start leaving(Optional<Restore> there) {
            return new Start(cause, target, stop, restore, launch, chosenBy, deployer, results, events, there);
        }
    }

    /** Take over an operation that a status without {@code status.operation} is in the middle of. */
    record Resume(Operation operation) implements Proposal {}

    /** Do this, beside or without an operation. */
    record Steps(List<Step> steps) implements Proposal {}

    /**
     * Tell this, whatever else is decided in this pass. Tier CHORE only. Told at least once: what was told is remembered
     * by a status part.
     */
    record Tell(List<Event> events) implements Proposal {
        public Tell {
            events = List.copyOf(events);
        }
    }

    /** The resource is as it should be, but for bookkeeping that {@code reduce} does. */
    record Mark(String why) implements Proposal {}

    /** Something is to be done, but not now. A non-blocking wait lets remedies through. */
    record Wait(String reason, boolean blocking, Duration poll) implements Proposal {}

    /**
     * Something is to be done, and failed when it was attempted last. Lets remedies through.
     *
     * @param cause why, the same for as long as nothing is attempted again
     * @param after how long from now it is attempted again
     */
    record Retry(Failure cause, Duration after) implements Proposal {}

    /** Something is to be done and cannot be, until an input changes. */
    record Refuse(Failure failure) implements Proposal {}

    /** Deletion must wait. Tier DELETE only. */
    record Block(String reason, List<Event> events, Duration poll) implements Proposal {}

    /** Nothing to do, perhaps until a time from now. */
    record Idle(Optional<Duration> until) implements Proposal {
        /** Nothing to do until something changes. */
        public static final Idle NOW = new Idle(Optional.empty());
    }
}
