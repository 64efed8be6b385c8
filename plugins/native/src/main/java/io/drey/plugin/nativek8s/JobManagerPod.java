package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.kubernetes.kubeclient.decorators.CmdJobManagerDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.EnvSecretsDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.ExternalServiceDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.InitJobManagerDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.InternalServiceDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.KubernetesStepDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.MountSecretsDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.PersistentVolumeClaimMountDecorator;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesJobManagerParameters;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * The JobManager's pod and the objects beside it, made by Flink's own decorators: all but those that read files of the
 * machine that they run on (configuration, log configuration, pod template, Hadoop and Kerberos files).
 */
final class JobManagerPod {
    private final FlinkModel model;
    private final PodShape shape;

    @Inject
    JobManagerPod(FlinkModel model, PodShape shape) {
        this.model = model;
        this.shape = shape;
    }

    /**
     * @param pod metadata and spec
     * @param beside services
     */
    record Rendered(ObjectNode pod, List<ObjectNode> beside) {}

    /** Flink's decorators complete the configuration of {@code parameters} on the way. */
    Rendered render(JsonNode template, KubernetesJobManagerParameters parameters) {
        var pod = shape.fromTemplate(template, "pod template of the JobManager");
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
        return new Rendered(shape.complete(pod), beside);
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
        HadoopFiles.decorator(parameters).ifPresent(decorators::add);
        return decorators;
    }
}
