package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.generation.FeatureSet;
import io.drey.plugin.deployments.DeploymentsPlugin;
import io.drey.plugin.upgrades.UpgradesPlugin;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** A job in a simulation, with all plugins that it needs to be looked after. */
record World(Simulation sim) {
    static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");
    static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");
    static final ObjectKey RESOURCE = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
    static final Map<String, String> HA =
            Map.of("high-availability.type", "kubernetes", "high-availability.storageDir", "file:/ha");

    /** Contributions hold no state, so all worlds may share them. */
    private static final FeatureSet FEATURES = new FeatureSets()
            .plugin(new DeploymentsPlugin(), Clock.systemUTC())
            .plugin(new UpgradesPlugin(), Clock.systemUTC())
            .plugin(new RecoveryPlugin(), Clock.systemUTC())
            .rule(request -> request.config().get("test.refused").isPresent()
                    ? List.of(Violation.of("spec.flinkConfiguration.test.refused", "found a value", "Remove it"))
                    : List.of())
            .deployer(new FakeDeployer())
            .build();

    static World empty(Map<String, String> platform) {
        return new World(new Simulation(FEATURES, new FlinkConfig(platform)));
    }

    /** A job that runs, with progress of which one part is in checkpoint 1 and another part in none. */
    static World running(String upgradeMode, Map<String, String> platform, String keys) {
        var world = empty(platform);
        world.apply("flink:2.3", upgradeMode, keys);
        world.converge();
        world.checkpointed();
        return world;
    }

    void checkpointed() {
        sim.flink().progresses("tests", "job");
        sim.flink().checkpoints("tests", "job");
        sim.flink().progresses("tests", "job");
    }

    void apply(String image, String upgradeMode, String keys) {
        apply(image, upgradeMode, keys, "running");
    }

    void apply(String image, String upgradeMode, String keys, String state) {
        sim.apply("""
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata:
                  namespace: tests
                  name: job
                spec:
                  image: %s
                  flinkVersion: v2_3
                  serviceAccount: flink
                  flinkConfiguration:
                    state.checkpoints.dir: file:/checkpoints
                    state.savepoints.dir: file:/savepoints
                %s
                  jobManager:
                    resource: {memory: 1g, cpu: 1}
                  taskManager:
                    resource: {memory: 1g, cpu: 1}
                """.formatted(
                        image, keys.lines().map(line -> "    " + line + "\n").reduce("", String::concat))
                + (upgradeMode.equals("session") ? "" : """
                  job:
                    jarURI: local:///opt/job.jar
                    parallelism: 1
                    state: %s
                    upgradeMode: %s
                """.formatted(state, upgradeMode)));
    }

    /** A change of the spec as it is. */
    void edit(Consumer<ObjectNode> change) {
        var resource = (ObjectNode) sim.kubernetes().peek(RESOURCE).orElseThrow();
        change.accept(resource.withObject("/spec"));
        sim.kubernetes().userApplies(resource);
    }

    void converge() {
        sim.converge(REF);
    }

    /** One pass, with the world going on after it. A crash of the operator is followed by its restart. */
    void pass() {
        sim.step(REF, Duration.ofSeconds(1));
    }

    void pass(int times) {
        for (int i = 0; i < times; i++) {
            pass();
        }
    }

    void passUntil(Predicate<JsonNode> holds) {
        sim.stepUntil(REF, 60, holds);
    }

    /** Some passes, time, and some more passes. */
    void later(Duration time) {
        pass(4);
        sim.clock().advance(time);
        pass(4);
    }

    void deleteJobManager() {
        sim.kubernetes().userDeletes(DEPLOYMENT);
        sim.cluster().settle();
    }

    void scaleJobManager(int replicas) {
        var deployment = (ObjectNode) sim.kubernetes().peek(DEPLOYMENT).orElseThrow();
        deployment.withObject("/spec").put("replicas", replicas);
        if (replicas == 0) {
            deployment.withObject("/status").remove("availableReplicas");
        }
        sim.kubernetes().put(deployment);
        sim.cluster().settle();
    }

    void loseMetadata() {
        for (var map : sim.kubernetes().peekAll("ConfigMap")) {
            if (map.path("metadata").path("labels").has("configmap-type")) {
                sim.kubernetes().vanish(ObjectKey.of(map));
            }
        }
    }

    JsonNode status() {
        return sim.status(REF);
    }

    String lifecycle() {
        return status().path("lifecycleState").asText();
    }

    String reconciliation() {
        return status().path("reconciliationStatus").path("state").asText();
    }

    String recorded() {
        return status().path("reconciliationStatus").path("lastReconciledSpec").asText();
    }

    String stable() {
        return status().path("reconciliationStatus").path("lastStableSpec").asText();
    }

    String job() {
        return status().path("jobStatus").path("state").asText();
    }

    String manager() {
        return status().path("jobManagerDeploymentStatus").asText();
    }

    String error() {
        return status().path("error").asText();
    }

    /** Message of a condition; empty text when there is none of this type. */
    String condition(String type) {
        return StreamSupport.stream(status().path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("message").asText())
                .findFirst()
                .orElse("");
    }

    List<Event> events(String reason) {
        return sim.kubernetes().events().stream()
                .filter(event -> event.reason().equals(reason))
                .toList();
    }

    /** Names of the JobManagers' pods. */
    List<String> pods() {
        return sim.kubernetes().peekAll("Pod").stream()
                .map(pod -> pod.path("metadata").path("name").asText())
                .toList();
    }

    int launches() {
        return sim.cluster().started().size();
    }

    /** The image that runs. */
    String image() {
        return sim.kubernetes()
                .peek(DEPLOYMENT)
                .map(deployment -> deployment
                        .path("metadata")
                        .path("annotations")
                        .path("test/image")
                        .asText())
                .orElse("none");
    }

    /** Every job started from the newest snapshot that there was. */
    void lostNothing(String where) {
        assertThat(sim.flink().begun()).as(where).allMatch(begun -> begun.progress() >= begun.newest());
    }
}
