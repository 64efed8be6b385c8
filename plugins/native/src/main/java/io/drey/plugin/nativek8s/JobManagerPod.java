package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.kubernetes.kubeclient.FlinkPod;
import org.apache.flink.kubernetes.kubeclient.decorators.CmdJobManagerDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.EnvSecretsDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.ExternalServiceDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.HadoopConfMountDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.InitJobManagerDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.InternalServiceDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.KubernetesStepDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.MountSecretsDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.PersistentVolumeClaimMountDecorator;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesJobManagerParameters;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Container;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.HasMetadata;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Pod;

/**
 * The JobManager's pod and the objects beside it, made by Flink's own decorators: all but those that read files of the
 * machine that they run on (configuration, log configuration, pod template, Hadoop and Kerberos files).
 */
final class JobManagerPod {
    private final FlinkModel model;

    @Inject
    JobManagerPod(FlinkModel model) {
        this.model = model;
    }

    /**
     * @param pod metadata and spec
     * @param beside services
     */
    record Rendered(ObjectNode pod, List<ObjectNode> beside) {}

    /** Flink's decorators complete the configuration of {@code parameters} on the way. */
    Rendered render(JsonNode template, KubernetesJobManagerParameters parameters) {
        var pod = fromTemplate(template);
        List<ObjectNode> beside = new ArrayList<>();
        try {
            for (var decorator : decorators(parameters)) {
                pod = decorator.decorateFlinkPod(pod);
                for (HasMetadata object : decorator.buildAccompanyingKubernetesResources()) {
                    beside.add(model.fromFlink(object));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var rendered = model.fromFlink(pod.getPodWithoutMainContainer());
        rendered.withObject("/spec").withArrayProperty("containers").add(model.fromFlink(pod.getMainContainer()));
        return new Rendered(rendered, beside);
    }

    private static List<KubernetesStepDecorator> decorators(KubernetesJobManagerParameters parameters) {
        List<KubernetesStepDecorator> decorators = new ArrayList<>(List.of(
                new InitJobManagerDecorator(parameters),
                new EnvSecretsDecorator(parameters),
                new MountSecretsDecorator(parameters),
                new PersistentVolumeClaimMountDecorator(parameters),
                new CmdJobManagerDecorator(parameters),
                new InternalServiceDecorator(parameters),
                new ExternalServiceDecorator(parameters)));
        var config = parameters.getFlinkConfiguration();
        if (config.get(KubernetesConfigOptions.KUBERNETES_HADOOP_CONF_MOUNT_DECORATOR_ENABLED)
                && parameters.getExistingHadoopConfigurationConfigMap().isPresent()) {
            decorators.add(new HadoopConfMountDecorator(parameters));
        }
        return decorators;
    }

    private FlinkPod fromTemplate(JsonNode template) {
        var pod = JsonNodeFactory.instance.objectNode();
        pod.set("metadata", objectOrEmpty(template.path("metadata")));
        var spec = objectOrEmpty(template.path("spec"));
        pod.set("spec", spec);
        var main = JsonNodeFactory.instance.objectNode();
        if (spec.path("containers") instanceof ArrayNode containers) {
            var others = JsonNodeFactory.instance.arrayNode();
            for (var container : containers) {
                if (MainContainer.is(container)) {
                    main = objectOrEmpty(container);
                } else {
                    others.add(container);
                }
            }
            spec.set("containers", others);
        }
        var what = "pod template of the JobManager";
        return new FlinkPod(
                model.toFlink(pod, Pod.class, what), model.toFlink(main, Container.class, what + ", main container"));
    }

    private static ObjectNode objectOrEmpty(JsonNode node) {
        return node instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
    }
}
