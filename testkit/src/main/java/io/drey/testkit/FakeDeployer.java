package io.drey.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployer named {@code native} that renders a Deployment, a Service and a ConfigMap with nothing in them but what
 * {@link FakeCluster} needs. A config key {@code test.render-error} makes it refuse.
 */
public final class FakeDeployer implements Deployer {
    static final String JOB_ID = "test/job-id";

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
        launch.jobId()
                .ifPresent(id -> deployment.withObject("/metadata/annotations").put(JOB_ID, id));
        deployment.withObject("/spec").put("replicas", 1);
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
        return List.of();
    }

    @Override
    public FlinkRef flink(CustomResource resource, FlinkConfig config) {
        return new FlinkRef(resource.metadata().namespace(), resource.metadata().name(), 8081);
    }
}
