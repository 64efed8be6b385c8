package io.drey.plugin.tenants;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of();
    }

    /** So that the policy has something to say about the suite's resources. */
    @Override
    protected String configuration() {
        return """
                platform: {flinkConfiguration: {a: platform}, lockedKeys: [a]}
                tenants: {contract: {namespaces: [contract], flinkConfiguration: {b: tenant}}}
                """;
    }
}
