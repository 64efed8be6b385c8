package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.generation.FeatureSet;
import io.drey.spi.ResourceKind;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.testkit.Simulation;
import io.drey.testkit.plugin.PluginContract;
import java.util.List;

class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of(
                "Decorator PodTemplateLayers",
                "Decorator ScaledSpec",
                "FactSource AutoscalerStateSource",
                "FactSource ClusterObjectsSource",
                "FactSource FlinkJobsSource",
                "FactSource HomeNamespaceSource",
                "FactSource JobCheckpointsSource",
                "FactSource JobRequirementsSource",
                "FactSource PodProblemsSource",
                "FactSource SessionJobsSource",
                "Proposer DeploymentChange",
                "Proposer DeploymentDelete",
                "Proposer PodEvents",
                "Proposer SessionClusterGuard",
                "ResourceKind FlinkDeploymentKind",
                "StatusPart AdmittedModePart",
                "StatusPart PodProblemsPart",
                "StatusPart RescalesPart",
                "StatusPart SoakPart",
                "StatusPart ScaledSettingsPart");
    }

    /** The comparison of pod templates goes deep into the Kubernetes model. */
    @Override
    protected void use(FeatureSet features) {
        @SuppressWarnings("unchecked")
        var kind = (ResourceKind<FlinkDeployment>) features.kinds().get("FlinkDeployment");
        var from = kind.read(
                Simulation.parse(Yaml.session("a") + "  podTemplate: {spec: {containers: [{name: a, env: []}]}}\n"));
        var to = kind.read(Simulation.parse(Yaml.session("a") + "  podTemplate: {spec: {containers: [{name: a}]}}\n"));

        assertThat(kind.specDiff(from, to).changes()).isEmpty();
    }
}
