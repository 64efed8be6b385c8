package io.drey.core.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drey.spi.SpecDiff;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the operator would do about a spec, for people. It holds no secrets.
 *
 * @param generation of the spec, as the API server would count it
 * @param action what becomes of what runs
 * @param cause of the operation; empty when none would begin
 * @param changes against what is deployed; empty for a first deployment
 * @param state where the next run gets its state; empty when nothing is launched
 * @param downtime for how long the job does not run
 * @param holds why the steps are not carried out now; empty when they would be
 * @param steps of the operation in order, those included that are done already by the time that they are due
 * @param complete whether all that the plan depends on is known; if not, Flink has been asked, and another plan tells more
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record PlanReport(
        String kind,
        String namespace,
        String name,
        long generation,
        Action action,
        Optional<Cause> cause,
        List<Change> changes,
        Optional<State> state,
        Downtime downtime,
        List<Hold> holds,
        List<PlannedStep> steps,
        boolean complete) {
    /** What becomes of what runs. */
    public enum Action {
        /** Nothing is touched. */
        NONE("none"),
        /** The first deployment, or the one after a suspension. */
        DEPLOY("deploy"),
        /** The running job is given other resources, and goes on. */
        RESCALE("rescale in place"),
        /** What runs is stopped, and the next run goes on from its state. */
        RESTART("restart"),
        /** What runs is stopped, and its state is not used. */
        REDEPLOY("redeploy"),
        /** What runs is stopped with its state, and nothing is started. */
        SUSPEND("suspend"),
        /** What runs is removed. */
        DELETE("delete");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /**
     * @param calls what the change calls for by itself
     * @param field path below {@code spec}
     * @param from redacted
     * @param to redacted
     */
    public record Change(SpecDiff.Type calls, String field, String from, String to) {}

    /** Where state comes from. */
    public enum Origin {
        NOTHING("nothing, it starts empty"),
        SAVEPOINT_OF_STOP("a savepoint that the stop takes"),
        CHECKPOINT_OF_STOP("the last checkpoint when the job was cancelled"),
        HIGH_AVAILABILITY("high-availability metadata"),
        PATH("a savepoint or checkpoint that is there");

        private final String text;

        Origin(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /**
     * @param from the origin, for people
     * @param path of what is there; the slot {@code <...>} for what is not yet
     * @param checkpointId of what is there, where it is known
     * @param at when it was complete, where it is known
     * @param ageSeconds how much work is done again at most, where it is known
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record State(
            Origin origin,
            String from,
            Optional<String> path,
            Optional<Long> checkpointId,
            Optional<Instant> at,
            Optional<Long> ageSeconds) {}

    /**
     * @param seconds empty when nobody knows
     * @param basis where that is known from
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Downtime(Optional<Long> seconds, String basis) {}

    /**
     * @param reason a word for machines
     * @param message for people, with the mend
     */
    public record Hold(String reason, String message) {
        static Hold of(Failure failure) {
            return new Hold(failure.code(), failure.message());
        }
    }
}
