package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.ResourceMapper;

/** FlinkDeployments: application and session clusters, what is observed of them, and their status. */
public final class DeploymentsPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> {
            binder.bind(ResourceMapper.class).toInstance(new ResourceMapper());
            binder.bind(ObjectMapper.class).toInstance(context.mapper());
            Contributions.of(binder)
                    .feature("deployments", Stability.STABLE)
                    .kind(FlinkDeploymentKind.class)
                    .factSource(ClusterObjectsSource.class)
                    .factSource(FlinkJobsSource.class)
                    .factSource(PodProblemsSource.class)
                    .factSource(JobCheckpointsSource.class)
                    .factSource(JobRequirementsSource.class)
                    .factSource(HomeNamespaceSource.class)
                    .factSource(AutoscalerStateSource.class)
                    .factSource(SessionJobsSource.class)
                    .proposer(DeploymentChange.class)
                    .proposer(SessionClusterGuard.class)
                    .proposer(DeploymentDelete.class)
                    .proposer(PodEvents.class)
                    .statusPart(AdmittedModePart.class)
                    .statusPart(PodProblemsPart.class)
                    .statusPart(RescalesPart.class)
                    .statusPart(SoakPart.class)
                    .statusPart(ScaledSettingsPart.class)
                    .decorator(ScaledSpec.class)
                    .decorator(PodTemplateLayers.class);
        };
    }
}
