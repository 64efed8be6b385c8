package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.ParallelismOverrides;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.operation.JobRescale;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployer named {@code native} that renders a Deployment, a Service and a ConfigMap with nothing in them but what
 * {@link FakeCluster} needs. A config key {@code test.render-error} makes it refuse.
 */
public class FakeDeployer implements Deployer {
    static final String JOB_ID = "test/job-id";
    static final String SAVEPOINT = "test/savepoint";
    static final String HIGH_AVAILABILITY = "test/high-availability";
    static final String ALLOW_NON_RESTORED = "test/allow-non-restored-state";
    static final String IMAGE = "test/image";
    static final String PARALLELISM = "test/parallelism";
    static final String OVERRIDES = "test/overrides";

    @Override
    public String name() {
        return "native";
    }

    @Override
    public List<ObjectNode> render(Launch launch) {
        launch.config().get("test.render-error").ifPresent(message -> {
            throw new IllegalArgumentException(message);
        });
        var resource = launch.resource();
        var deployment =
                manifest("apps/v1", "Deployment", resource, resource.metadata().name(), launch);
        deployment
                .withObject("/metadata/annotations")
                .put(
                        "flinkdeployment.flink.apache.org/generation",
                        String.valueOf(launch.operation().generation()));
        var annotations = deployment.withObject("/metadata/annotations");
        launch.jobId().ifPresent(id -> annotations.put(JOB_ID, id));
        launch.savepoint().ifPresent(path -> annotations.put(SAVEPOINT, path));
        annotations.put(HIGH_AVAILABILITY, String.valueOf(launch.config().kubernetesHighAvailability()));
        if (resource.spec() instanceof FlinkDeploymentSpec spec) {
            spec.image().ifPresent(image -> annotations.put(IMAGE, image));
            spec.job().ifPresent(job -> annotations.put(PARALLELISM, String.valueOf(job.parallelism())));
            ParallelismOverrides.of(launch.config())
                    .forEach((vertex, parallelism) ->
                            annotations.put(OVERRIDES + "-" + vertex, String.valueOf(parallelism)));
            spec.job()
                    .flatMap(JobSpec::allowNonRestoredState)
                    .ifPresent(allowed -> annotations.put(ALLOW_NON_RESTORED, String.valueOf(allowed)));
        }
        deployment.withObject("/spec").put("replicas", jobManagers(resource));
        var owner =
                deployment.withObject("/metadata").withArray("ownerReferences").addObject();
        owner.put("kind", resource.ref().kind());
        owner.put("uid", resource.metadata().uid());
        return List.of(
                deployment,
                manifest("v1", "Service", resource, resource.metadata().name() + "-rest", launch),
                manifest(
                        "v1",
                        "ConfigMap",
                        resource,
                        "flink-config-" + resource.metadata().name(),
                        launch));
    }

    @Override
    public List<ObjectNode> pods(Launch launch) {
        var resource = launch.resource();
        return List.of(manifest("v1", "Pod", resource, resource.metadata().name() + "-taskmanager-1-1", launch));
    }

    private static int jobManagers(CustomResource resource) {
        return resource instanceof FlinkDeployment deployment
                ? deployment.spec().jobManager().map(JobManagerSpec::replicas).orElse(1)
                : 1;
    }

    private static ObjectNode manifest(
            String apiVersion, String kind, CustomResource resource, String name, Launch launch) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("apiVersion", apiVersion);
        manifest.put("kind", kind);
        var meta = manifest.withObject("/metadata");
        meta.put("namespace", resource.metadata().namespace());
        meta.put("name", name);
        meta.withObject("/annotations")
                .put("drey.io/operation", launch.operation().id());
        var labels = meta.withObject("/labels");
        labels.put("app", resource.metadata().name());
        labels.put("type", "flink-native-kubernetes");
        if (kind.equals("Deployment")) {
            labels.put("component", "jobmanager");
        }
        return manifest;
    }

    @Override
    public List<Step> teardown(Situation situation, Operation operation) {
        var objects = situation.facts().get(ClusterObjects.TYPE);
        if (objects.gone()) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        objects.jobManager()
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp"))
                .ifPresent(manager -> steps.add(new Step.Delete(
                        ObjectKey.of(manager),
                        manager.path("metadata").path("uid").asText(),
                        Step.Propagation.FOREGROUND)));
        steps.add(new Step.Await("JobManager pods are gone", Duration.ofSeconds(1)));
        return steps;
    }

    @Override
    public List<Step> clear(Situation situation, Operation operation) {
        if (!situation.config().kubernetesHighAvailability()
                && !situation.deployedConfig().kubernetesHighAvailability()) {
            return List.of();
        }
        boolean nothingShouldRun = operation.phase().compareTo(Operation.Phase.STOPPED) >= 0
                || operation.stop().mode() == StopMode.NONE;
        var objects = situation.facts().get(ClusterObjects.TYPE);
        if (nothingShouldRun && !objects.gone()) {
            return objects.jobManager().isEmpty()
                    ? List.of(new Step.Await("JobManager pods are gone", Duration.ofSeconds(1)))
                    : List.of();
        }
        var metadata = situation.facts().get(HighAvailability.TYPE);
        boolean ownWork = operation.phase() == Operation.Phase.LAUNCHING
                && metadata.knows(operation.results().getOrDefault(Operation.JOB_ID, "-"));
        return ownWork || operation.restore().mode() == RestoreMode.HIGH_AVAILABILITY
                ? withoutPlans(metadata.configMaps())
                : withoutMaps(metadata.configMaps());
    }

    private static List<Step> withoutPlans(List<JsonNode> maps) {
        List<Step> steps = new ArrayList<>();
        for (var map : maps) {
            var merge = JsonNodeFactory.instance.objectNode();
            map.path("data").fieldNames().forEachRemaining(key -> {
                if (key.startsWith("executionPlan-")) {
                    merge.withObject("/data").putNull(key);
                }
            });
            if (!merge.isEmpty()) {
                steps.add(new Step.Patch(
                        ObjectKey.of(map),
                        map.path("metadata").path("resourceVersion").asText(),
                        merge));
            }
        }
        return steps;
    }

    private static List<Step> withoutMaps(List<JsonNode> maps) {
        List<Step> steps = new ArrayList<>();
        maps.forEach(map -> steps.add(new Step.Delete(
                ObjectKey.of(map), map.path("metadata").path("uid").asText(), Step.Propagation.BACKGROUND)));
        return steps;
    }

    @Override
    public Rescaling rescale(Situation situation, Rescaling.Wanted wanted) {
        return JobRescale.of(situation, wanted, flink(situation.resource(), situation.deployedConfig()));
    }

    @Override
    public FlinkRef flink(CustomResource resource, FlinkConfig config) {
        return new FlinkRef(resource.metadata().namespace(), resource.metadata().name(), 8081);
    }
}
