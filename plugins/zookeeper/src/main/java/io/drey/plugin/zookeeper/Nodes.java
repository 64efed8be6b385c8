package io.drey.plugin.zookeeper;

import java.io.IOException;
import java.util.List;

/** The nodes of one ZooKeeper, over one connection. */
public interface Nodes extends AutoCloseable {
    /** Names of the nodes below a path, in order; none where the path is not there. */
    List<String> children(String path) throws IOException;

    /** Whether there is a node. */
    boolean exists(String path) throws IOException;

    /** Removes a node and all below it; nothing where it is not there. */
    void remove(String path) throws IOException;

    @Override
    void close();
}
