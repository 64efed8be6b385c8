package io.drey.plugin.zookeeper;

import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.fact.ZooKeeperMetadata.Owner;
import jakarta.inject.Inject;

/** Reads the place where a launch keeps its metadata, and fails where that is another resource's. */
final class LaunchSource implements FactSource<ZooKeeperMetadata> {
    private final MetadataReader reader;

    @Inject
    LaunchSource(MetadataReader reader) {
        this.reader = reader;
    }

    @Override
    public FactType<ZooKeeperMetadata> factType() {
        return ZooKeeperMetadata.LAUNCH;
    }

    @Override
    public ZooKeeperMetadata read(ObserveContext context) {
        var metadata = reader.read(context.situation().config(), context);
        if (metadata.owner() instanceof Owner.Other other) {
            throw new IllegalStateException("spec.flinkConfiguration: found the HA metadata of " + other.resource()
                    + " at " + metadata.root() + " in ZooKeeper, must be a place of this resource's own."
                    + " Set high-availability.zookeeper.path.root to another path, or delete " + other.resource());
        }
        return metadata;
    }
}
