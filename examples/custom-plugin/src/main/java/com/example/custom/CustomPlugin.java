package com.example.custom;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** What our house asks of Flink jobs: version 1 wants to know the team, version 2 who pays. */
public final class CustomPlugin implements FeaturePlugin {
    /** @param key of the label that every job has */
    record Label(String key) {}

    @Override
    public Module module(PluginContext context) {
        var label = new Label(context.version().startsWith("1.") ? "team" : "cost-center");
        return binder -> {
            binder.bind(Label.class).toInstance(label);
            Contributions.of(binder)
                    .feature("custom", Stability.EXPERIMENTAL)
                    .admissionRule(LabelRule.class)
                    .decorator(LabelOnPods.class)
                    .listener(StateLog.class);
        };
    }
}
