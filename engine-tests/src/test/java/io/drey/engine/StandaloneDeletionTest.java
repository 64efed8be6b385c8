package io.drey.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import org.junit.jupiter.api.Test;

/** A cluster in standalone mode, as the Apache operator left it. */
class StandaloneDeletionTest {
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");
    private static final String YAML = """
            apiVersion: flink.apache.org/v1beta1
            kind: FlinkDeployment
            metadata: {namespace: tests, name: job}
            spec:
              mode: standalone
              image: flink:2.3
              flinkVersion: v2_3
              serviceAccount: flink
              jobManager: {resource: {memory: 1g, cpu: 1}}
              taskManager: {resource: {memory: 1g, cpu: 1}}
              job: {jarURI: 'local:///opt/job.jar', parallelism: 1, upgradeMode: stateless}
            """;

    private final Simulation sim = new Simulation(Shipped.with(new FeatureSets()), FlinkConfig.EMPTY);

    private static ObjectKey deployment(String name) {
        return new ObjectKey("apps/v1", "Deployment", "tests", name);
    }

    private void made(String name, String component) {
        sim.kubernetes().put((ObjectNode) Simulation.parse("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  namespace: tests
                  name: %s
                  uid: uid-%s
                  labels: {app: job, component: %s, type: flink-standalone-kubernetes}
                  creationTimestamp: '2025-12-31T00:00:00Z'
                spec: {replicas: 1}
                status: {availableReplicas: 1}
                """.formatted(name, name, component)));
    }

    @Test
    void a_new_one_is_not_launched_and_says_so() {
        sim.apply(YAML);
        sim.converge(REF);

        assertThat(sim.status(REF).path("error").asText()).contains("spec.mode: found standalone");
        assertThat(sim.kubernetes().peekAll("Deployment")).isEmpty();
        sim.delete(REF);
        sim.converge(REF);
        assertThat(sim.exists(REF)).isFalse();
    }

    @Test
    void one_that_runs_goes_on_until_it_is_deleted_with_both_of_its_deployments() {
        sim.apply(YAML);
        var key = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
        var resource = (ObjectNode) sim.kubernetes().peek(key).orElseThrow();
        resource.withObject("/metadata").withArray("finalizers").add("flinkdeployments.flink.apache.org/finalizer");
        var status = resource.withObject("/status");
        status.put("jobManagerDeploymentStatus", "READY").put("observedGeneration", 1);
        status.withObject("/jobStatus").put("jobId", "e".repeat(32)).put("state", "RUNNING");
        var spec = resource.path("spec").deepCopy();
        status.withObject("/reconciliationStatus")
                .put("state", "DEPLOYED")
                .put("lastReconciledSpec", "{\"spec\":" + spec + "}")
                .put("lastStableSpec", "{\"spec\":" + spec + "}");
        sim.kubernetes().put(resource);
        made("job", "jobmanager");
        made("job-taskmanager", "taskmanager");

        for (int passes = 0; passes < 5; passes++) {
            sim.pass(REF);
        }
        assertThat(sim.status(REF).has("operation")).isFalse();
        assertThat(sim.kubernetes().peek(deployment("job-taskmanager"))).isPresent();

        sim.delete(REF);
        sim.converge(REF);
        assertThat(sim.exists(REF)).isFalse();
        assertThat(sim.kubernetes().peek(deployment("job"))).isEmpty();
        assertThat(sim.kubernetes().peek(deployment("job-taskmanager"))).isEmpty();
    }
}
