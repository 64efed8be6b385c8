package io.drey.core.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.config.FlinkConfigs;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.PluginFailure;
import io.drey.spi.Decorator.Phase;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.ResourceKind;
import io.drey.spi.Situation;
import io.drey.spi.config.BadConfig;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.resource.CustomResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an operation launches: decorators, phase by phase, and then the deployer, over the spec of its target. */
final class Launches {
    private final FeatureSet features;
    private final FlinkConfigs configs;
    private final ResourceKind<CustomResource> kind;

    Launches(FeatureSet features, FlinkConfigs configs, ResourceKind<CustomResource> kind) {
        this.features = features;
        this.configs = configs;
        this.kind = kind;
    }

    /** The objects, in the order of their creation. The first one owns the others. */
    List<ObjectNode> objects(Operation operation, PassSituation situation) {
        return rendered(operation, situation, false).objects();
    }

    /** The same, with the pods that will be made for them by Kubernetes and by Flink. */
    Rendered withPods(Operation operation, PassSituation situation) {
        return rendered(operation, situation, true);
    }

    /**
     * @param objects of the launch
     * @param pods one of each kind; empty unless asked for
     */
    record Rendered(List<ObjectNode> objects, List<ObjectNode> pods) {}

    private Rendered rendered(Operation operation, PassSituation situation, boolean withPods) {
        var target = target(operation, situation);
        var seen = situation.with(Optional.of(operation));
        try {
            var config = decorate(
                    Phase.CONFIG,
                    configs.effective(kind.configuration(target)),
                    new LaunchSituation(seen, target),
                    target.ref().kind());
            var pods = decorate(
                    Phase.PODS,
                    new PodTemplates(JsonNodeFactory.instance.objectNode(), JsonNodeFactory.instance.objectNode()),
                    new LaunchSituation(seen, target),
                    target.ref().kind());
            var deployer = features.deployers().get(operation.deployer());
            if (deployer == null) {
                throw new Unplannable(
                        ErrorKind.USER,
                        "DeployerMissing",
                        "spec.mode: no plugin here offers deployer " + operation.deployer() + ". Allowed: "
                                + String.join(", ", features.deployers().keySet()));
            }
            var launch = new Launch(
                    target,
                    config,
                    pods.jobManager(),
                    pods.taskManager(),
                    operation,
                    Optional.ofNullable(operation.results().get(Operation.JOB_ID)),
                    restorePath(operation));
            var objects = decorate(
                    Phase.OBJECTS,
                    deployer.render(launch),
                    new LaunchSituation(seen, target),
                    target.ref().kind());
            return new Rendered(objects, withPods ? pods(objects, deployer.pods(launch)) : List.of());
        } catch (PluginFailure e) {
            throw new Unplannable(e);
        } catch (BadConfig e) {
            throw new Unplannable(ErrorKind.USER, "BadConfiguration", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new Unplannable(ErrorKind.USER, "CannotRender", String.valueOf(e.getMessage()));
        }
    }

    private static List<ObjectNode> pods(List<ObjectNode> objects, List<ObjectNode> others) {
        List<ObjectNode> pods = new ArrayList<>();
        for (var object : objects) {
            if (object.path("kind").asText().equals("Deployment")
                    && object.at("/spec/template/spec").isObject()) {
                pods.add(pod(object));
            }
        }
        others.forEach(pod -> pods.add(owned(pod, "apps/v1", "Deployment", objects.getFirst())));
        return pods;
    }

    private static ObjectNode pod(ObjectNode deployment) {
        ObjectNode pod = deployment.path("spec").path("template").deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.withObject("/metadata")
                .put("namespace", deployment.path("metadata").path("namespace").asText())
                .put("name", deployment.path("metadata").path("name").asText() + "-jobmanager");
        return owned(pod, "apps/v1", "ReplicaSet", deployment);
    }

    /** Real pods have an owner, and policies look for it. Before the launch there is none with a uid of its own. */
    private static ObjectNode owned(ObjectNode pod, String apiVersion, String kind, ObjectNode named) {
        pod.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", apiVersion)
                .put("kind", kind)
                .put("name", named.path("metadata").path("name").asText())
                .put("uid", LaunchTrials.NO_UID)
                .put("controller", true);
        return pod;
    }

    /** What is rendered before the stop has saved anything is a plan only, and shows where the path will be. */
    private static Optional<String> restorePath(Operation operation) {
        return operation.restore().mode() == RestoreMode.SAVED && !operation.saved()
                ? Optional.of("<what the stop saves>")
                : operation.restorePath();
    }

    /** The resource with the spec that this operation carries out. */
    static CustomResource target(Operation operation, PassSituation situation) {
        return situation
                .target(operation)
                .orElseThrow(() -> new Unplannable(
                        ErrorKind.USER,
                        "SpecMissing",
                        "there is no " + operation.target() + " spec to launch; mend the violations of the spec"));
    }

    private <T> T decorate(Phase<T> phase, T value, Situation situation, String resourceKind) {
        var decorated = value;
        for (var decorator : features.decorators(resourceKind, phase)) {
            decorated = decorator.decorate(decorated, situation);
        }
        return decorated;
    }
}
