package io.drey.plugin.listeners;

import java.time.Duration;
import java.util.Optional;

/** What became of one attempt to send a notice. */
sealed interface Answer {
    /** It arrived. */
    record Taken() implements Answer {}

    /**
     * It may work later.
     *
     * @param after when the endpoint said so
     */
    record Later(String why, Optional<Duration> after) implements Answer {}

    /** It will never work as it is. */
    record Never(String why) implements Answer {}
}
