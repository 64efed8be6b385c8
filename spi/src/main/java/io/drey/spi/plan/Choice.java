package io.drey.spi.plan;

import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;
import java.time.Duration;

/** What an upgrade strategy answers. */
public sealed interface Choice {

    /** Go on like this. Chosen once; from then on it is data. */
    record Go(Target target, Stop stop, Restore restore) implements Choice {}

    /**
     * Not now.
     *
     * @param blocking whether remedies must wait as well
     */
    record Wait(String reason, boolean blocking) implements Choice {}

    /**
     * Not now: the last attempt failed.
     *
     * @param cause why, the same for as long as nothing is attempted again
     * @param after how long from now it is attempted again
     */
    record Retry(Failure cause, Duration after) implements Choice {}

    /** Not at all, until an input changes. */
    record Refuse(Failure failure) implements Choice {}

    /** Another strategy decides. */
    record Hand(String strategy) implements Choice {}
}
