package io.drey.plugin.unattended;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of(
                "Deployer SessionJobDeployer",
                "FactSource SessionClusterSource",
                "Proposer SessionJobDelete",
                "ResourceKind BlueGreenKind",
                "ResourceKind SessionJobKind",
                "ResourceKind SnapshotKind");
    }
}
