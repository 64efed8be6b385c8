package io.drey.core.engine;

import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;

/** An operation ends without its effect: its stop did not work, and what ran was not touched. It is chosen anew. */
final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    Abandoned(String code, String message) {
        super(message, null, false, false);
        this.failure = new Failure(ErrorKind.EXTERNAL, code, message);
    }

    /** The reason. */
    Failure failure() {
        return failure;
    }
}
