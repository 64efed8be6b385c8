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
import java.time.Duration;
import java.time.Instant;

/** Removes nodes of one cluster, and what is below them. What is gone already counts as removed. */
final class Removal implements StepHandler {
    private static final Duration LIMIT = Duration.ofSeconds(5);

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
        var quorum = payload.path("quorum").asText();
        try (var ensemble = connections.connect(quorum, LIMIT)) {
            for (var path : payload.path("paths")) {
                // Other clusters live in the same ZooKeeper.
                if (!isIn(path.asText(), root)) {
                    return failed(ErrorKind.INTERNAL, path.asText() + " is not below " + root + ", and stays");
                }
                ensemble.remove(path.asText());
            }
            return Outcome.Done.PLAIN;
        } catch (IOException e) {
            return failed(ErrorKind.EXTERNAL, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isIn(String path, String root) {
        return root.length() > 1 && (path.equals(root) || path.startsWith(root + "/"));
    }

    private static Outcome failed(ErrorKind kind, String why) {
        return new Outcome.Failed(new Failure(kind, "ZooKeeperError", why));
    }
}
