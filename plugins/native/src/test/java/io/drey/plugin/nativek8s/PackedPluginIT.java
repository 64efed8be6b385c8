package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.generation.FeatureSet;
import io.drey.spi.Decorator;
import io.drey.spi.Decorator.Phase;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.plugin.PluginContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** With nothing but its own libraries and what the host shares, it renders whatever reaches deep into Flink. */
class PackedPluginIT extends PluginContract {
    @Override
    protected List<String> contributes() {
        return List.of(
                "Decorator ClusterConfig",
                "Decorator JobConfig",
                "Decorator NativeConfig",
                "Decorator ResourcesInPods",
                "Decorator StartupProbe",
                "Decorator TerminationMessages",
                "Deployer NativeDeployer",
                "Deployer StandaloneDeployer",
                "FactSource HighAvailabilitySource",
                "FactSource StandaloneTaskManagersSource");
    }

    @Override
    protected void use(FeatureSet features) {
        for (var version : List.of(FlinkVersion.V1_16, FlinkVersion.V2_3)) {
            for (var job : List.of(Optional.<JobSpec>empty(), Optional.of(JobSpec.EMPTY))) {
                assertThat(objects(features, resource(version, job))).isEqualTo(5);
            }
        }
    }

    private static FlinkDeployment resource(FlinkVersion version, Optional<JobSpec> job) {
        var spec = FlinkDeploymentSpec.EMPTY.toBuilder()
                .flinkVersion(Optional.of(version))
                .job(job.map(present -> present.toBuilder()
                        .args(List.of("--a", "b;c"))
                        .jarURI(Optional.of("local:///job.jar"))
                        .parallelism(2)
                        .build()))
                .build();
        var empty = new ResourceMapper().deployment(JsonNodeFactory.instance.objectNode());
        return new FlinkDeployment(Metadata.of("orders", "basic"), spec, empty.status());
    }

    private static int objects(FeatureSet features, FlinkDeployment resource) {
        var platform = new FlinkConfig(Map.ofEntries(
                Map.entry("jobmanager.memory.process.size", "1600m"),
                Map.entry("taskmanager.memory.process.size", "1728m"),
                Map.entry("containerized.master.env.A", "b"),
                Map.entry("kubernetes.secrets", "a:/b"),
                Map.entry("kubernetes.env.secretKeyRef", "env:A,secret:s,key:k"),
                Map.entry("kubernetes.jobmanager.tolerations", "key:k,operator:Exists"),
                Map.entry("kubernetes.jobmanager.labels", "a:b"),
                Map.entry("kubernetes.persistent-volume-claims", "a:/c"),
                Map.entry("kubernetes.hadoop.conf.config-map.name", "hadoop")));
        var operation = Rendering.operation(Restore.NONE);
        var situation = new TestSituation(resource, platform, Optional.of(operation), Facts.NONE, TestSituation.NOW);
        var template = JsonNodeFactory.instance.objectNode();
        template.withObject("/spec").put("nodeName", "n");
        var pods = decorated(features, Phase.PODS, new PodTemplates(template, template), situation);
        return features.deployers()
                .get("native")
                .render(new Launch(
                        resource,
                        decorated(features, Phase.CONFIG, platform, situation),
                        pods.jobManager(),
                        pods.taskManager(),
                        operation,
                        resource.spec().job().map(job -> Rendering.JOB),
                        Optional.empty()))
                .size();
    }

    @SuppressWarnings("unchecked")
    private static <T> T decorated(FeatureSet features, Phase<T> phase, T value, Situation situation) {
        var decorated = value;
        for (var decorator : features.decorators()) {
            if (decorator.phase().equals(phase)) {
                decorated = ((Decorator<T>) decorator).decorate(decorated, situation);
            }
        }
        return decorated;
    }
}
