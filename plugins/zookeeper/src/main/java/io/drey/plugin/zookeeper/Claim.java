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

/** Makes a resource the owner of a root, unless another one was faster. */
final class Claim implements StepHandler {
    private final Connections connections;

    @Inject
    Claim(Connections connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return ZooKeeperMetadata.CLAIM;
    }

    @Override
    public Outcome perform(JsonNode payload, EffectId id, Instant deadline) {
        var root = payload.path("root").asText();
        try (var nodes = connections.connect(payload.path("quorum").asText(), Ensemble.LIMIT)) {
            var path = Marker.path(root);
            var own = payload.path("owner").asText();
            if (nodes.swap(path, payload.path("found").asText(), own)) {
                return Outcome.Done.PLAIN;
            }
            var now = nodes.text(path).orElse("");
            return now.equals(own)
                    ? Outcome.Done.PLAIN
                    : new Outcome.Failed(new Failure(
                            ErrorKind.TRANSIENT, "ZooKeeperRootTaken", root + " in ZooKeeper was claimed by " + now));
        } catch (IOException e) {
            return new Outcome.Failed(
                    new Failure(ErrorKind.EXTERNAL, "ZooKeeperError", String.valueOf(e.getMessage())));
        }
    }
}
