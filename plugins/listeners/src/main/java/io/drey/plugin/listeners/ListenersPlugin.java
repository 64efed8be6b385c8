package io.drey.plugin.listeners;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** Tells of what passes did: in the log. */
public final class ListenersPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder ->
                Contributions.of(binder).feature("listeners", Stability.STABLE).listener(AuditLog.class);
    }
}
