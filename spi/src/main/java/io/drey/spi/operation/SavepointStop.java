package io.drey.spi.operation;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.operation.Operation.Stop;

/** A stop with a savepoint, as the configuration wants it. */
public final class SavepointStop {
    private static final ConfigKey<Boolean> DRAIN = OperatorKeys.DRAIN;
    private static final ConfigKey<Format> FORMAT = OperatorKeys.SAVEPOINT_FORMAT.as(Format::valueOf);

    private enum Format {
        CANONICAL,
        NATIVE
    }

    private SavepointStop() {}

    /** The stop. A deletion depends on it, so a misspelt value counts as its default. */
    public static Stop of(FlinkConfig config) {
        return Stop.savepoint(
                config.orFallback(DRAIN), config.orFallback(FORMAT).name());
    }
}
