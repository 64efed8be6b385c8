package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.client.deployment.ClusterSpecification;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptionsInternal;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesJobManagerParameters;
import org.apache.flink.kubernetes.utils.KubernetesUtils;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;

/** The objects of one launch: the JobManager Deployment first, then what it owns. */
final class ClusterManifests {
    static final String OPERATION = "drey.io/operation";
    static final String GENERATION = "flinkdeployment.flink.apache.org/generation";

    private static final String APPLICATION =
            "org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint";
    private static final String SESSION = "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint";
    private static final String TEMPLATE_FILE = "taskmanager-pod-template.yaml";

    private final FlinkModel model;
    private final JobManagerPod jobManagerPod;
    private final TaskManagerPod taskManagerPod;
    private final LogFiles logFiles;

    @Inject
    ClusterManifests(FlinkModel model, JobManagerPod jobManagerPod, TaskManagerPod taskManagerPod, LogFiles logFiles) {
        this.model = model;
        this.jobManagerPod = jobManagerPod;
        this.taskManagerPod = taskManagerPod;
        this.logFiles = logFiles;
    }

    List<ObjectNode> render(FlinkDeployment target, Launch launch) {
        var config = configuration(launch, target);
        var parameters = new KubernetesJobManagerParameters(config, specification(config, target));
        var jobManager = jobManagerPod.render(ReusedPod.asTemplate(launch.jobManagerTemplate()), parameters);
        JvmOptions.intoJobManager(jobManager.pod(), launch.config(), Targets.version(target.spec()));

        var files = files(target, config);
        var configMap = mountConfig(jobManager.pod(), files, parameters);

        List<ObjectNode> objects = new ArrayList<>();
        objects.add(configMap(configMap, parameters.getCommonLabels(), files));
        var template = taskManagerTemplate(target, launch);
        if (!template.isEmpty()) {
            var templateMap = "pod-template-" + parameters.getClusterId();
            // The directory is a constant in Flink.
            mount(
                    jobManager.pod(),
                    "pod-template-volume",
                    templateMap,
                    Set.of(TEMPLATE_FILE),
                    "/opt/flink/pod-template");
            taskManagerPod.check(template);
            objects.add(configMap(templateMap, parameters.getCommonLabels(), Map.of(TEMPLATE_FILE, podOf(template))));
        }
        objects.addAll(jobManager.beside());
        objects.add(0, deployment(target, launch, parameters, jobManager.pod()));
        for (var object : objects) {
            var metadata = object.withObject("/metadata");
            metadata.put("namespace", parameters.getNamespace());
            metadata.withObject("/annotations")
                    .put(OPERATION, launch.operation().id());
        }
        return objects;
    }

    /** A TaskManager as Flink will ask for it. */
    ObjectNode taskManager(FlinkDeployment target, Launch launch) {
        var config = configuration(launch, target);
        var parameters = new KubernetesJobManagerParameters(config, specification(config, target));
        var pod = taskManagerPod.render(
                taskManagerTemplate(target, launch), config, parameters.getClusterId(), parameters.getNamespace());
        mountConfig(pod, files(target, config), parameters);
        return pod;
    }

    private static ObjectNode taskManagerTemplate(FlinkDeployment target, Launch launch) {
        var template = ReusedPod.asTemplate(launch.taskManagerTemplate());
        JvmOptions.intoTaskManager(template, launch.config(), Targets.version(target.spec()));
        return template;
    }

    /** The files in Flink's configuration directory, by name. */
    private Map<String, String> files(FlinkDeployment target, Configuration config) {
        var file = ConfigFile.of(new FlinkConfig(config.toMap()), Targets.version(target.spec()));
        Map<String, String> files = new TreeMap<>(logFiles.of(target.spec()));
        files.put(file.name(), file.text());
        return files;
    }

    /** Mounts those files under the volume name that Flink uses, and returns the name of their ConfigMap. */
    private static String mountConfig(
            ObjectNode pod, Map<String, String> files, KubernetesJobManagerParameters parameters) {
        var configMap = "flink-config-" + parameters.getClusterId();
        mount(pod, "flink-config-volume", configMap, files.keySet(), parameters.getFlinkConfDirInPod());
        return configMap;
    }

    private static Configuration configuration(Launch launch, FlinkDeployment target) {
        var values = LaunchSettings.of(launch, target)
                .filter(key -> !key.startsWith("kubernetes.operator.") && !key.startsWith("job.autoscaler."));
        var config = Configuration.fromMap(values.values());
        config.set(
                KubernetesConfigOptionsInternal.ENTRY_POINT_CLASS,
                target.spec().job().isPresent() ? APPLICATION : SESSION);
        config.setString("internal.cluster.execution-mode", "NORMAL");
        KubernetesUtils.checkAndUpdatePortConfigOption(config, BlobServerOptions.PORT, 6124);
        KubernetesUtils.checkAndUpdatePortConfigOption(config, TaskManagerOptions.RPC_PORT, 6122);
        KubernetesUtils.checkAndUpdatePortConfigOption(config, RestOptions.BIND_PORT, 8081);
        if (HighAvailabilityMode.isHighAvailabilityModeActivated(config)) {
            KubernetesUtils.checkAndUpdatePortConfigOption(
                    config, HighAvailabilityOptions.HA_JOB_MANAGER_PORT_RANGE, config.get(JobManagerOptions.PORT));
        }
        return config;
    }

    private static ClusterSpecification specification(Configuration config, FlinkDeployment target) {
        return new ClusterSpecification.ClusterSpecificationBuilder()
                .setMasterMemoryMB(ProcessMemory.jobManager(config, target.spec()))
                .setTaskManagerMemoryMB(ProcessMemory.taskManager(config, target.spec()))
                .setSlotsPerTaskManager(config.get(TaskManagerOptions.NUM_TASK_SLOTS))
                .createClusterSpecification();
    }

    private static ObjectNode deployment(
            FlinkDeployment target, Launch launch, KubernetesJobManagerParameters parameters, ObjectNode pod) {
        var deployment = object("apps/v1", "Deployment", parameters.getClusterId(), parameters.getLabels());
        var annotations = deployment.withObject("/metadata").putObject("annotations");
        new TreeMap<>(parameters.getAnnotations()).forEach(annotations::put);
        annotations.put(GENERATION, String.valueOf(launch.operation().generation()));
        deployment
                .withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", target.type().apiVersion())
                .put("kind", target.type().kind())
                .put("name", target.metadata().name())
                .put("uid", target.metadata().uid())
                .put("controller", false)
                .put("blockOwnerDeletion", true);
        var spec = deployment.putObject("spec");
        spec.put("replicas", parameters.getReplicas());
        var selector = spec.putObject("selector").putObject("matchLabels");
        new TreeMap<>(parameters.getSelectors()).forEach(selector::put);
        var podMetadata = pod.withObject("/metadata");
        podMetadata
                .withObject("/annotations")
                .put(GENERATION, String.valueOf(launch.operation().generation()));
        var template = spec.putObject("template");
        template.set("metadata", podMetadata);
        template.set("spec", pod.path("spec"));
        return deployment;
    }

    private static ObjectNode configMap(String name, Map<String, String> labels, Map<String, String> data) {
        var configMap = object("v1", "ConfigMap", name, labels);
        var content = configMap.putObject("data");
        new TreeMap<>(data).forEach(content::put);
        return configMap;
    }

    private static ObjectNode object(String apiVersion, String kind, String name, Map<String, String> labels) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        var metadata = object.putObject("metadata").put("name", name);
        var target = metadata.putObject("labels");
        new TreeMap<>(labels).forEach(target::put);
        return object;
    }

    private static void mount(ObjectNode pod, String volume, String configMap, Set<String> files, String directory) {
        var spec = pod.withObject("/spec");
        var source = spec.withArrayProperty("volumes")
                .addObject()
                .put("name", volume)
                .putObject("configMap")
                .put("name", configMap);
        var items = source.putArray("items");
        for (var file : files) {
            items.addObject().put("key", file).put("path", file);
        }
        MainContainer.in(pod)
                .withArrayProperty("volumeMounts")
                .addObject()
                .put("name", volume)
                .put("mountPath", directory);
    }

    private String podOf(JsonNode template) {
        var pod = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        for (var part : List.of("metadata", "spec")) {
            if (template.hasNonNull(part)) {
                pod.set(part, template.path(part));
            }
        }
        return model.yaml(pod);
    }
}
