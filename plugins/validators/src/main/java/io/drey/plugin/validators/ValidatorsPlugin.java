package io.drey.plugin.validators;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** The rules for the four kinds that hold unless somebody leaves this plugin out. */
public final class ValidatorsPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> Contributions.of(binder)
                .feature("validators", Stability.STABLE)
                .admissionRule(FlinkVersionRule.class)
                .admissionRule(NameRule.class)
                .admissionRule(VersionAfterSuspendRule.class)
                .admissionRule(ReservedKeysRule.class)
                .admissionRule(RollbackRule.class)
                .admissionRule(HealthCheckRule.class)
                .admissionRule(IngressRule.class)
                .admissionRule(LogConfigurationRule.class)
                .admissionRule(StateDirectoriesRule.class)
                .admissionRule(ParallelismRule.class)
                .admissionRule(JobJarRule.class)
                .admissionRule(JobManagerRule.class)
                .admissionRule(TaskManagerRule.class)
                .admissionRule(SwitchRule.class)
                .admissionRule(SavepointRedeployRule.class)
                .admissionRule(ServiceAccountRule.class)
                .admissionRule(AutoscalerRule.class)
                .admissionRule(SessionVersionRule.class)
                .admissionRule(SessionJobRule.class)
                .admissionRule(JarLocationRule.class)
                .admissionRule(SessionClusterRule.class)
                .admissionRule(SnapshotRule.class)
                .admissionRule(BlueGreenRule.class)
                .admissionRule(ErrorLabelsRule.class)
                .admissionRule(KeyValuesRule.class)
                .admissionRule(RestSslRule.class);
    }
}
