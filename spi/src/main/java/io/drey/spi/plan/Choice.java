package io.drey.spi.plan;

import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;

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

    /** Not at all, until an input changes. */
    record Refuse(Failure failure) implements Choice {}

    /** Another strategy decides. */
    record Hand(String strategy) implements Choice {}
}
