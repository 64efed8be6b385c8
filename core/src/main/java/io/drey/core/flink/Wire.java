package io.drey.core.flink;

import java.time.Clock;

/**
 * The way to all JobManagers, which all readers share.
 *
 * @param permits of reads and effects under way
 */
record Wire(FlinkRest rest, Addresses addresses, Permits permits, Clock clock) implements AutoCloseable {
    private static final int PERMITS = 512;

    Wire(FlinkRest rest, Endpoints endpoints, Clock clock) {
        this(rest, new Addresses(endpoints, clock), new Permits(PERMITS, rest.executor()), clock);
    }

    @Override
    public void close() {
        addresses.close();
        rest.close();
    }
}
