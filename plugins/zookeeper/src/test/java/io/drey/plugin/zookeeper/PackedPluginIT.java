package io.drey.plugin.zookeeper;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of(
                "FactSource LaunchSource", "FactSource MetadataSource", "StepHandler Claim", "StepHandler Removal");
    }
}
