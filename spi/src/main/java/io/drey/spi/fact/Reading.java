package io.drey.spi.fact;

import java.time.Instant;

/** What came of looking. */
public sealed interface Reading<F> {

    /**
     * @param value as it was
     * @param at when it was so
     */
    record Known<F>(F value, Instant at) implements Reading<F> {}

    /** Nobody has looked yet. */
    record NotRead<F>() implements Reading<F> {}

    /**
     * The look failed.
     *
     * @param why for people; no secrets
     */
    record Failed<F>(String why) implements Reading<F> {}
}
