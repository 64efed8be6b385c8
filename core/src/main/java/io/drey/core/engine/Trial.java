package io.drey.core.engine;

import io.drey.spi.operation.Operation.Cause;
import java.util.Optional;

/**
 * What a pass would do, without doing it.
 *
 * @param begins why an operation would be recorded where none runs
 * @param orphaned the deployer that the running operation needs, and that is not there
 * @param failed why nothing could be decided
 */
public record Trial(Optional<Cause> begins, Optional<String> orphaned, Optional<String> failed) {
    /** Nothing would begin. */
    public static final Trial NOTHING = new Trial(Optional.empty(), Optional.empty(), Optional.empty());
}
