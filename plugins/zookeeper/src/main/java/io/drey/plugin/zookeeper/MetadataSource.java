package io.drey.plugin.zookeeper;

import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.ZooKeeperMetadata;
import jakarta.inject.Inject;

/** Reads what Flink has in ZooKeeper for the deployed spec, live and on demand only. */
final class MetadataSource implements FactSource<ZooKeeperMetadata> {
    private final MetadataReader reader;

    @Inject
    MetadataSource(MetadataReader reader) {
        this.reader = reader;
    }

    @Override
    public FactType<ZooKeeperMetadata> factType() {
        return ZooKeeperMetadata.TYPE;
    }

    @Override
    public ZooKeeperMetadata read(ObserveContext context) {
        var situation = context.situation();
        var deployed = situation.deployedConfig();
        return reader.read(deployed.zooKeeperHighAvailability() ? deployed : situation.config(), context);
    }
}
