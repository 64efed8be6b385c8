package io.drey.core.engine;

import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import java.util.Optional;

/** An operation ends without its effect, and what ran was not stopped. What to do is chosen anew. */
final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Failure> failure;

    Abandoned(String code, String message) {
        super(message, null, false, false);
        this.failure = Optional.of(new Failure(ErrorKind.EXTERNAL, code, message));
    }

    /** Nothing went wrong, but there is another way by now. */
    Abandoned() {
        super("", null, false, false);
        this.failure = Optional.empty();
    }

    /** What went wrong. */
    Optional<Failure> failure() {
        return failure;
    }
}
