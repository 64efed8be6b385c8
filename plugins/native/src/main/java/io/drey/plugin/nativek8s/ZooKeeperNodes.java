package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Situation;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.Step;
import java.util.List;

/** What a launch must not find in ZooKeeper. */
final class ZooKeeperNodes {
    private ZooKeeperNodes() {}

    /** Removes the jobs as they were submitted last, or all of the cluster; nothing when there is none of it. */
    static List<Step> clear(boolean keepsState, Situation situation, Operation operation) {
        if (!situation.config().zooKeeperHighAvailability()
                && !situation.deployedConfig().zooKeeperHighAvailability()) {
            return List.of();
        }
        var metadata = situation.facts().get(ZooKeeperMetadata.TYPE);
        if (keepsState) {
            return metadata.submitted().isEmpty()
                    ? List.of()
                    : List.of(remove("jobs as they were submitted", metadata, metadata.submitted(), operation));
        }
        return metadata.empty()
                ? List.of()
                : List.of(remove("metadata", metadata, List.of(metadata.root()), operation));
    }

    private static Step remove(String what, ZooKeeperMetadata metadata, List<String> paths, Operation operation) {
        var payload = JsonNodeFactory.instance.objectNode();
        payload.put("quorum", metadata.quorum()).put("root", metadata.root());
        var array = payload.putArray("paths");
        paths.forEach(array::add);
        return new Step.External(
                ZooKeeperMetadata.REMOVAL,
                what,
                EffectId.derive(operation.id(), ZooKeeperMetadata.REMOVAL, operation.attempt()),
                payload);
    }
}
