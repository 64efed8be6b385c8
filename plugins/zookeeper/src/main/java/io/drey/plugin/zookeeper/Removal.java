package io.drey.plugin.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.StepHandler;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Outcome;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;

/**
 * Removes nodes of one cluster, and the nodes below them. A node that does not exist counts as removed. The resource must
 * have marked the root as its own before, so that two resources of one name never remove each other's state.
 */
final class Removal implements StepHandler {
    private final Connections connections;

    @Inject
    Removal(Connections connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return ZooKeeperMetadata.REMOVAL;
    }

    @Override
    public Outcome perform(JsonNode payload, EffectId id, Instant deadline) {
        var root = payload.path("root").asText();
        try (var nodes = connections.connect(payload.path("quorum").asText(), Ensemble.LIMIT)) {
            var children = nodes.children(root);
            var mark = nodes.text(Marker.path(root)).orElse("");
            if (!children.isEmpty() && !mark.equals(payload.path("owner").asText())) {
                return failed(ErrorKind.EXTERNAL, root + " is marked as \"" + mark + "\", and stays");
            }
            for (var path : payload.path("paths")) {
                // Other clusters live in the same ZooKeeper.
                if (!isIn(path.asText(), root)) {
                    return failed(ErrorKind.INTERNAL, path.asText() + " is not below " + root + ", and stays");
                }
                if (path.asText().equals(root)) {
                    removeRoot(nodes, root, payload.path("whole").asBoolean());
                } else {
                    remove(nodes, path.asText());
                }
            }
            return Outcome.Done.PLAIN;
        } catch (IOException e) {
            return failed(ErrorKind.EXTERNAL, String.valueOf(e.getMessage()));
        }
    }

    /** The mark goes last: as long as a node is left, it is known whose it is. */
    private static void removeRoot(Nodes nodes, String root, boolean whole) throws IOException {
        for (var child : nodes.children(root)) {
            if (!child.equals(Marker.NODE)) {
                remove(nodes, root + "/" + child);
            }
        }
        if (whole) {
            nodes.remove(Marker.path(root));
            nodes.remove(root);
        }
    }

    /** A removal that is cut short goes on where it was, the next time. */
    private static void remove(Nodes nodes, String path) throws IOException {
        for (var child : nodes.children(path)) {
            if (child.equals(Marker.NODE)) {
                throw new IOException(path + " in ZooKeeper belongs to another resource, and stays");
            }
            remove(nodes, path + "/" + child);
        }
        nodes.remove(path);
    }

    private static boolean isIn(String path, String root) {
        return root.length() > 1 && (path.equals(root) || path.startsWith(root + "/"));
    }

    private static Outcome failed(ErrorKind kind, String why) {
        return new Outcome.Failed(new Failure(kind, "ZooKeeperError", why));
    }
}
