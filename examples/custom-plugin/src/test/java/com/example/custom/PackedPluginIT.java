package com.example.custom;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;

/** The packed jar in the operator's plugin host. */
class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of("AdmissionRule LabelRule", "Decorator LabelOnPods", "Listener StateLog");
    }
}
