package io.drey.plugin.tenants;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** What is in force for whom. */
public final class TenantsPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> {
            binder.bind(TenantsConfig.class).toInstance(TenantsConfig.of(context.configuration()));
            Contributions.of(binder).feature("tenants", Stability.STABLE).featurePolicy(TenantPolicy.class);
        };
    }
}
