package io.drey.spi.plan;

import io.drey.spi.operation.Operation.Failure;
import java.time.Duration;
import java.util.Map;

/** What came of a step. */
public sealed interface Outcome {

    /**
     * The effect holds.
     *
     * @param results by name; not empty means that they must be kept before the plan goes on
     */
    record Done(Map<String, String> results) implements Outcome {
        /** Done, with nothing to keep. */
        public static final Done PLAIN = new Done(Map.of());
    }

    /** Under way: look again after {@code poll} at the latest. */
    record Pending(String what, Duration poll) implements Outcome {}

    /** It did not work. The plan stops here, except after a best-effort step. */
    record Failed(Failure failure) implements Outcome {}
}
