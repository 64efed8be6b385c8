package io.drey.core.engine;

import io.drey.core.host.PluginFailure;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;

/** There is no plan for an operation, for a reason that can be told. */
final class Unplannable extends RuntimeException {
    static final String PLUGIN_FAILED = "PluginFailed";

    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    /** A plugin that is needed failed, or was not called. */
    Unplannable(PluginFailure failed) {
        this(ErrorKind.INTERNAL, PLUGIN_FAILED, String.valueOf(failed.getMessage()));
    }

    Unplannable(ErrorKind kind, String code, String message) {
        this(new Failure(kind, code, message));
    }

    Unplannable(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    /** The reason. */
    Failure failure() {
        return failure;
    }
}
