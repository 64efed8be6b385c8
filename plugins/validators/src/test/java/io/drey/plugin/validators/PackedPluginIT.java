package io.drey.plugin.validators;

import io.drey.testkit.plugin.PluginContract;
import java.util.List;
import java.util.stream.Stream;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return Stream.of(
                        "AutoscalerRule",
                        "BlueGreenRule",
                        "ErrorLabelsRule",
                        "KeyValuesRule",
                        "FlinkVersionRule",
                        "HealthCheckRule",
                        "IngressRule",
                        "JarLocationRule",
                        "JobJarRule",
                        "JobManagerRule",
                        "LogConfigurationRule",
                        "NameRule",
                        "ParallelismRule",
                        "ReservedKeysRule",
                        "RestSslRule",
                        "RollbackRule",
                        "SavepointRedeployRule",
                        "ServiceAccountRule",
                        "SessionClusterRule",
                        "SessionJobRule",
                        "SessionVersionRule",
                        "SnapshotRule",
                        "StateDirectoriesRule",
                        "SwitchRule",
                        "TaskManagerRule",
                        "VersionAfterSuspendRule")
                .map(rule -> "AdmissionRule " + rule)
                .toList();
    }
}
