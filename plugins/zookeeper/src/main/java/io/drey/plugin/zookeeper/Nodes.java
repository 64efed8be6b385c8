package io.drey.plugin.zookeeper;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The nodes of one ZooKeeper, over one connection. */
public interface Nodes extends AutoCloseable {
    /** Names of the nodes below a path, in order; none where the path is not there. */
    List<String> children(String path) throws IOException;

    /** The text of a node, if it is there. */
    Optional<String> text(String path) throws IOException;

    /**
     * Writes the text of a node, if it is what is expected.
     *
     * @param expected empty text when the node must not be there: then it is made, with all above it
     * @return whether it was as expected
     */
    boolean swap(String path, String expected, String text) throws IOException;

    /** Removes a node that has no others below it; nothing where it is not there, or has some. */
    void remove(String path) throws IOException;

    @Override
    void close();
}
