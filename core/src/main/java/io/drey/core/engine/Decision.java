package io.drey.core.engine;

import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
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

    /** Carry on with the operation that is written down. */
    record Act(Operation operation, Plan plan) implements Decision {}

    /**
     * Let go of the operation that is written down: what ran was not touched.
     *
     * @param problem why; empty when it is not wanted any more
     */
    record End(Optional<Failure> problem) implements Decision {}

    /**
     * No operation.
     *
     * @param chores to be done beside
     * @param problem why something that should start does not
     * @param waiting what is waited for
     * @param wake when to look again at the latest
     * @param events to be told
     * @param held the operation that would begin if nothing held it
     */
    record Rest(
            List<List<Step>> chores,
            Optional<Failure> problem,
            Optional<String> waiting,
            Optional<Duration> wake,
            List<Event> events,
            Optional<Operation> held)
            implements Decision {
        static final Rest IDLE =
                new Rest(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());

        static Rest problem(Failure failure) {
            return new Rest(
                    List.of(), Optional.of(failure), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
        }

        static Rest waiting(String what, Duration wake) {
            return new Rest(
                    List.of(), Optional.empty(), Optional.of(what), Optional.of(wake), List.of(), Optional.empty());
        }

        /** An operation that does not begin now. */
        static Rest holding(Operation operation, String why, Optional<Duration> wake) {
            return new Rest(List.of(), Optional.empty(), Optional.of(why), wake, List.of(), Optional.of(operation));
        }

        /** The same, and these events are told, and this is what is waited for. */
        Rest telling(String what, List<Event> told) {
            return new Rest(chores, problem, Optional.of(what), wake, told, held);
        }
    }
}
