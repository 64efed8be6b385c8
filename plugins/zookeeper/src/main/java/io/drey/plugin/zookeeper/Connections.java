package io.drey.plugin.zookeeper;

import java.io.IOException;
import java.time.Duration;

/** Opens connections to ZooKeeper. Thread-safe. */
public interface Connections {
    /**
     * Connects, and sees from then on at least what was written before.
     *
     * @param quorum hosts and ports, separated by commas
     * @throws IOException when no server answers within the limit
     */
    Nodes connect(String quorum, Duration limit) throws IOException;
}
