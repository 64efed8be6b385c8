package ${package};

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** Lists what the plugin contributes, and does nothing else. */
public final class TeamLabelPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> Contributions.of(binder)
                .feature("${pluginId}", Stability.EXPERIMENTAL)
                .admissionRule(TeamLabelRule.class);
    }
}
