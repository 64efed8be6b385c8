package io.drey.plugin.zookeeper;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** Entry of the plugin {@code zookeeper}. */
public final class ZooKeeperPlugin implements FeaturePlugin {
    private final Connections connections;

    public ZooKeeperPlugin() {
        this(Ensemble::connect);
    }

    /** With another way to ZooKeeper, such as one in memory. */
    public ZooKeeperPlugin(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Module module(PluginContext context) {
        return binder -> {
            binder.bind(Connections.class).toInstance(connections);
            binder.bind(MetadataReader.class);
            Contributions.of(binder)
                    .feature("zookeeper", Stability.STABLE)
                    .factSource(MetadataSource.class)
                    .factSource(LaunchSource.class)
                    .stepHandler(Claim.class)
                    .stepHandler(Removal.class);
        };
    }
}
