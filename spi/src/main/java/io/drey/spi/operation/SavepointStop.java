package io.drey.spi.operation;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation.Stop;

/** A stop with a savepoint, as the configuration wants it. */
public final class SavepointStop {
    private static final ConfigKey<Boolean> DRAIN =
            ConfigKey.bool("kubernetes.operator.job.drain-on-savepoint-deletion", false);
    private static final ConfigKey<Format> FORMAT =
            ConfigKey.oneOf("kubernetes.operator.savepoint.format.type", Format.CANONICAL);

    private enum Format {
        CANONICAL,
        NATIVE
    }

    private SavepointStop() {}

    /**
     * The stop.
     *
     * @throws io.drey.spi.config.BadConfig when a key has a value that it does not take
     */
    public static Stop of(FlinkConfig config) {
        return Stop.savepoint(config.get(DRAIN), config.get(FORMAT).name());
    }
}
