package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.kubeclient.decorators.CmdTaskManagerDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.EnvSecretsDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.InitTaskManagerDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.KubernetesStepDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.MountSecretsDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.PersistentVolumeClaimMountDecorator;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesTaskManagerParameters;
import org.apache.flink.runtime.clusterframework.ContaineredTaskManagerParameters;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** The first TaskManager's pod as Flink will ask for it, made by Flink's own decorators. Only tried, never created. */
final class TaskManagerPod {
    private static final String TEMPLATE = "pod template of the TaskManagers";

    private final PodShape shape;

    @Inject
    TaskManagerPod(PodShape shape) {
        this.shape = shape;
    }

    /** Refuses a template that Flink could not read: its JobManager would run, and never get a TaskManager. */
    void check(JsonNode template) {
        shape.fromTemplate(template, TEMPLATE);
    }

    ObjectNode render(JsonNode template, Configuration config, String clusterId, String namespace) {
        var processes = TaskExecutorProcessUtils.processSpecFromConfig(config);
        var parameters = new KubernetesTaskManagerParameters(
                config,
                clusterId + "-taskmanager-1-1",
                "",
                ProcessMemoryUtils.generateJvmParametersStr(processes),
                ContaineredTaskManagerParameters.create(config, processes),
                Map.of(),
                Set.of());
        var pod = shape.fromTemplate(template, TEMPLATE);
        for (var decorator : decorators(parameters)) {
            pod = decorator.decorateFlinkPod(pod);
        }
        var rendered = shape.complete(pod);
        rendered.put("apiVersion", "v1").put("kind", "Pod");
        rendered.withObject("/metadata").put("namespace", namespace);
        return rendered;
    }

    private static List<KubernetesStepDecorator> decorators(KubernetesTaskManagerParameters parameters) {
        List<KubernetesStepDecorator> decorators = new ArrayList<>(List.of(
                new InitTaskManagerDecorator(parameters),
                new EnvSecretsDecorator(parameters),
                new MountSecretsDecorator(parameters),
                new PersistentVolumeClaimMountDecorator(parameters),
                new CmdTaskManagerDecorator(parameters)));
        HadoopFiles.decorator(parameters).ifPresent(decorators::add);
        return decorators;
    }
}
