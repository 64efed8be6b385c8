package io.drey.core.engine;

import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a pass does. Record or act, never both. */
sealed interface Decision {
    /**
     * Write down an operation, new or turned to another end; nothing else.
     *
     * @param events to be told
     */
    record Record(Operation operation, List<Event> events) implements Decision {
        Record(Operation operation) {
            this(operation, List.of());
        }
    }

    /**
     * Carry on with the operation that is written down.
     *
     * @param beside the work of chores, on objects that the operation does not name
     */
    record Act(Operation operation, Plan plan, Rest beside) implements Decision {}

    /**
     * Let go of the operation that is written down: what ran was not touched.
     *
     * @param problem why; empty when it is not wanted any more
     */
    record End(Optional<Failure> problem) implements Decision {}

    /**
     * No operation.
     *
     * @param work to be done, each list by itself
     * @param problem why something that should start does not
     * @param waiting what is waited for
     * @param wake when to look again at the latest
     * @param events to be told
     * @param held the operation that would begin if nothing held it
     * @param beside failures of contributions that hold up nothing else
     */
    record Rest(
            List<Work> work,
            Optional<Failure> problem,
            Optional<String> waiting,
            Optional<Duration> wake,
            List<Event> events,
            Optional<Operation> held,
            List<Failed> beside)
            implements Decision {
        static final Rest IDLE = new Rest(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of());

        static Rest problem(Failure failure) {
            return IDLE.with(failure);
        }

        /** An operation that this version cannot carry on: another version may, or the status is edited. */
        static Rest held(Failure failure) {
            return retrying(failure, Duration.ofMinutes(5));
        }

        /** A failed start, which is tried again after some time. */
        static Rest retrying(Failure failure, Duration wake) {
            return new Rest(
                    List.of(),
                    Optional.of(failure),
                    Optional.empty(),
                    Optional.of(wake),
                    List.of(),
                    Optional.empty(),
                    List.of());
        }

        static Rest waiting(String what, Duration wake) {
            return IDLE.with(what, Optional.of(wake));
        }

        /** Steps, and nothing else. */
        static Rest doing(Work work) {
            return new Rest(
                    List.of(work),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    List.of());
        }

        /** An operation that does not begin now. */
        static Rest holding(Operation operation, String why, Optional<Duration> wake) {
            return new Rest(
                    List.of(), Optional.empty(), Optional.of(why), wake, List.of(), Optional.of(operation), List.of());
        }

        /** The same, with a reason why something that should start does not. */
        Rest with(Failure failure) {
            return new Rest(work, Optional.of(failure), waiting, wake, events, held, beside);
        }

        /** The same, waiting for this. */
        Rest with(String what, Optional<Duration> until) {
            return new Rest(work, problem, Optional.of(what), until, events, held, beside);
        }

        /** The same, and these events are told, and this is what is waited for. */
        Rest telling(String what, List<Event> told) {
            return new Rest(work, problem, Optional.of(what), wake, told, held, beside);
        }
    }

    /**
     * A contribution that failed.
     *
     * @param by names the contribution, unique in its plugin
     */
    record Failed(String by, Failure failure) {}
}
