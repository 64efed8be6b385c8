package io.drey.plugin.unattended;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.ResourceMapper;

/** FlinkSessionJobs, FlinkStateSnapshots and FlinkBlueGreenDeployments: they say that they are not looked after yet, and can be deleted. */
public final class UnattendedPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> {
            binder.bind(ResourceMapper.class).toInstance(new ResourceMapper());
            Contributions.of(binder)
                    .feature("unattended", Stability.STABLE)
                    .kind(SessionJobKind.class)
                    .kind(SnapshotKind.class)
                    .kind(BlueGreenKind.class)
                    .factSource(SessionClusterSource.class)
                    .proposer(SessionJobDelete.class)
                    .deployer(SessionJobDeployer.class);
        };
    }
}
