package io.drey.plugin.listeners;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Tells of what passes did: in the log, and to HTTP endpoints. */
public final class ListenersPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        var config = ListenersConfig.of(context.configuration());
        return binder -> {
            binder.bind(ListenersConfig.class).toInstance(config);
            binder.bind(RandomGenerator.class).toInstance(new Random());
            Contributions.of(binder)
                    .feature("listeners", Stability.STABLE)
                    .listener(AuditLog.class)
                    .listener(Webhooks.class);
        };
    }
}
