package io.drey.plugin.zookeeper;

import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.Optional;

/**
 * The mark of the resource that owns a root in ZooKeeper: a node below it that Flink does not know.
 *
 * @param uid of the resource, which no later resource of the same name has
 */
record Marker(String uid, ResourceRef ref) {
    /** Name of the node below the root. */
    static final String NODE = "drey.io";

    static Marker of(CustomResource resource) {
        return new Marker(resource.metadata().uid(), resource.ref());
    }

    /** Reads the text of a node; empty when no version of Drey has written it. */
    static Optional<Marker> parse(String text) {
        var parts = text.split("[ /]");
        return parts.length == 4
                ? Optional.of(new Marker(parts[0], new ResourceRef(parts[1], parts[2], parts[3])))
                : Optional.empty();
    }

    static String path(String root) {
        return root + "/" + NODE;
    }

    String text() {
        return uid + " " + ref;
    }
}
