package io.drey.plugin.recovery;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How often a resource was restarted in a row because its job was not well. The first restart is at once; each one that
 * follows soon waits twice as long as the one before.
 *
 * @param count restarts without a quiet time between them
 * @param last when the last of them was
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Restarts(
        int count,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant last) {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration QUIET = Duration.ofMinutes(10);

    /** One more, now. */
    static Restarts next(Optional<Restarts> before, Instant now) {
        return new Restarts(
                before.filter(restarts -> !restarts.over(now))
                                .map(Restarts::count)
                                .orElse(0)
                        + 1,
                now);
    }

    /** How long the next one must wait from now on; not positive when it need not. */
    Duration delay(Instant now) {
        if (over(now)) {
            return Duration.ZERO;
        }
        var delay = FIRST.multipliedBy(1L << Math.min(count - 1, 10));
        return Duration.between(now, last.plus(delay.compareTo(LONGEST) < 0 ? delay : LONGEST));
    }

    private boolean over(Instant now) {
        return last.plus(QUIET).isBefore(now) || last.isAfter(now);
    }
}
