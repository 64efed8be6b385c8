package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** The ways in which what runs is replaced. */
public final class UpgradesPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> {
            binder.bind(ObjectMapper.class).toInstance(context.mapper());
            Contributions.of(binder)
                    .feature("upgrades", Stability.STABLE)
                    .strategy(StatelessUpgrade.class)
                    .strategy(SavepointUpgrade.class)
                    .strategy(LastStateUpgrade.class)
                    .statusPart(PromisePart.class)
                    .statusPart(RestoredPart.class)
                    .statusPart(DowntimePart.class)
                    .statusPart(FailedStopPart.class)
                    .statusPart(LaunchedJobPart.class)
                    .proposer(BrokenPromise.class);
        };
    }
}
