package io.drey.core.engine;

import io.drey.core.metrics.Durations;
import io.drey.core.metrics.Labels;
import io.drey.spi.operation.ErrorKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The passes that ended, by outcome. Thread-safe. */
public final class PassCounts {
    /** How a pass ended. */
    public enum Outcome {
        /** Without a problem. */
        DONE,
        /** With a problem that waits for an edit. */
        USER,
        /** With a problem that passes by itself. */
        TRANSIENT,
        /** With a problem of something outside. */
        EXTERNAL,
        /** With a problem of a plugin or of the operator: a bug. */
        INTERNAL,
        /** Dropped, since the resource changed meanwhile. */
        CONFLICT,
        /** Dropped, since the API server refused a request or did not respond. */
        API_ERROR;

        static Outcome of(ErrorKind kind) {
            return switch (kind) {
                case USER -> USER;
                case TRANSIENT -> TRANSIENT;
                case EXTERNAL -> EXTERNAL;
                case INTERNAL -> INTERNAL;
            };
        }
    }

    private final Map<Outcome, Durations> durations = new EnumMap<>(Outcome.class);

    PassCounts() {
        Arrays.stream(Outcome.values()).forEach(outcome -> durations.put(outcome, new Durations()));
    }

    void add(Outcome outcome, Duration took) {
        of(outcome).add(took);
    }

    /** The passes of an outcome. */
    @SuppressWarnings("NullAway") // Has all of them since its construction.
    public Durations of(Outcome outcome) {
        return durations.get(outcome);
    }

    /** By the label {@code outcome}. */
    public SortedMap<Labels, Durations> byOutcome() {
        SortedMap<Labels, Durations> byLabels = new TreeMap<>();
        durations.forEach((outcome, of) ->
                byLabels.put(Labels.of("outcome", outcome.name().toLowerCase(Locale.ROOT)), of));
        return byLabels;
    }
}
