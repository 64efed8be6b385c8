package io.drey.plugin.unattended;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.plugin.deployments.DeploymentsPlugin;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources of kinds that are not looked after yet: they say so, and can be deleted. */
class UnattendedTest {
    private static final String API = "flink.apache.org/v1beta1";
    private static final ResourceRef CLUSTER = new ResourceRef("FlinkDeployment", "tests", "session");
    private static final ResourceRef JOB = new ResourceRef("FlinkSessionJob", "tests", "one");
    private static final String ID = "d".repeat(32);

    private final Simulation sim = new Simulation(
            new FeatureSets()
                    .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                    .plugin(new UnattendedPlugin(), Clock.systemUTC())
                    .deployer(new FakeDeployer())
                    .build(),
            FlinkConfig.EMPTY);

    private ResourceRef apply(String kind, String name, String spec) {
        return sim.apply("{apiVersion: " + API + ", kind: " + kind + ", metadata: {namespace: tests, name: " + name
                + "}, spec: {" + spec + "}}");
    }

    private static ObjectKey key(ResourceRef ref) {
        return new ObjectKey(API, ref.kind(), ref.namespace(), ref.name());
    }

    private ObjectNode stored(ResourceRef ref) {
        return (ObjectNode) sim.kubernetes().peek(key(ref)).orElseThrow();
    }

    /** As another operator left it. */
    private void was(ResourceRef ref, String finalizer, String status) {
        var object = stored(ref);
        object.withObject("/metadata").withArray("finalizers").add(finalizer);
        object.set("status", Simulation.parse(status));
        sim.kubernetes().put(object);
    }

    private void cluster() {
        sim.apply("""
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {namespace: tests, name: session}
                spec:
                  image: flink:2.3
                  flinkVersion: v2_3
                  serviceAccount: flink
                  flinkConfiguration: {state.savepoints.dir: 'file:/savepoints'}
                  jobManager: {resource: {memory: 1g, cpu: 1}}
                  taskManager: {resource: {memory: 1g, cpu: 1}}
                """);
        sim.converge(CLUSTER);
        sim.flink().submits("tests", "session", ID);
    }

    private void job(String keys) {
        apply(
                "FlinkSessionJob",
                "one",
                "deploymentName: session, job: {jarURI: 'local:///a.jar', parallelism: 1}," + " flinkConfiguration: {"
                        + keys + "}");
        was(
                JOB,
                "flinksessionjobs.flink.apache.org/finalizer",
                "{jobStatus: {jobId: " + ID + ", state: RUNNING}, reconciliationStatus: {state: DEPLOYED}}");
    }

    private void deleted(ResourceRef ref) {
        sim.delete(ref);
        sim.converge(ref);
    }

    private List<String> conditions(ResourceRef ref) {
        return sim.status(ref)
                .path("conditions")
                .valueStream()
                .map(condition -> condition.path("type").asText() + " "
                        + condition.path("reason").asText())
                .toList();
    }

    private List<Event> events(String reason) {
        return sim.kubernetes().events().stream()
                .filter(event -> event.reason().equals(reason))
                .toList();
    }

    private long cancels() {
        return sim.flink().log().stream().filter(("cancel " + ID)::equals).count();
    }

    @ParameterizedTest
    @CsvSource({
        "FlinkSessionJob, deploymentName: none",
        "FlinkStateSnapshot, savepoint: {}",
        "FlinkBlueGreenDeployment, template: {}"
    })
    void they_say_once_that_they_are_not_looked_after(String kind, String spec) {
        var ref = apply(kind, "one", spec);

        sim.converge(ref);

        assertThat(conditions(ref)).containsExactly("WithoutEffect NotSupportedYet");
        assertThat(events("NotSupportedYet"))
                .singleElement()
                .satisfies(event -> assertThat(event.message())
                        .startsWith("Accepted without effect: this version does not look after a " + kind + " yet. "));
        assertThat(sim.kubernetes().log()).containsExactly("event NotSupportedYet", "status " + kind + " tests/one");
        sim.clock().advance(Duration.ofHours(1));
        sim.converge(ref);
        assertThat(sim.kubernetes().log()).hasSize(2);
    }

    @Test
    void the_status_of_another_operator_stays() {
        job("");
        var before = sim.status(JOB).deepCopy();

        sim.converge(JOB);

        JsonNode after = sim.status(JOB);
        assertThat(after.path("jobStatus").path("jobId").asText()).isEqualTo(ID);
        assertThat(after.at("/reconciliationStatus/state")).isEqualTo(before.at("/reconciliationStatus/state"));
    }

    @Test
    void a_blue_green_deployment_says_where_another_operator_begins() {
        var ref = apply("FlinkBlueGreenDeployment", "one", "template: {}");

        sim.converge(ref);

        assertThat(sim.status(ref).path("blueGreenState").asText()).isEqualTo("INITIALIZING_BLUE");
    }

    @Test
    void a_snapshot_that_another_operator_has_taken_is_left_as_it_is() {
        var ref = apply("FlinkStateSnapshot", "one", "savepoint: {}");
        was(ref, "flinkstatesnapshots.flink.apache.org/finalizer", "{state: COMPLETED, path: 'file:/savepoints/1'}");

        sim.converge(ref);

        assertThat(sim.kubernetes().log()).isEmpty();
    }

    @Test
    void a_snapshot_that_is_deleted_goes_and_its_file_stays() {
        var ref = apply("FlinkStateSnapshot", "one", "savepoint: {disposeOnDelete: true}");
        was(ref, "flinkstatesnapshots.flink.apache.org/finalizer", "{state: COMPLETED, path: 'file:/savepoints/1'}");

        deleted(ref);

        assertThat(sim.exists(ref)).isFalse();
        assertThat(sim.flink().log()).isEmpty();
    }

    @Test
    void the_job_of_a_session_job_that_is_deleted_is_cancelled_first() {
        cluster();
        job("");

        sim.delete(JOB);
        for (int passes = 0; passes < 20 && cancels() == 0; passes++) {
            sim.step(JOB, Duration.ofSeconds(1));
        }
        assertThat(sim.exists(JOB)).isTrue();
        sim.converge(JOB);

        assertThat(cancels()).isEqualTo(1);
        assertThat(sim.exists(JOB)).isFalse();
        assertThat(sim.exists(CLUSTER)).isTrue();
    }

    @Test
    void one_that_wants_a_savepoint_is_stopped_with_one() {
        cluster();
        job("kubernetes.operator.job.savepoint-on-deletion: 'true'");

        deleted(JOB);

        assertThat(sim.exists(JOB)).isFalse();
        assertThat(cancels()).isZero();
        assertThat(events("SavepointBeforeDeletion"))
                .singleElement()
                .satisfies(event -> assertThat(event.message()).contains("file:/savepoints"));
    }

    @Test
    void one_whose_savepoint_fails_stays_and_says_why() {
        cluster();
        sim.flink().savepoints(Savepoints.FAILING);
        job("kubernetes.operator.job.savepoint-on-deletion: 'true'");
        sim.delete(JOB);

        for (int passes = 0; passes < 20; passes++) {
            sim.step(JOB, Duration.ofSeconds(5));
        }

        assertThat(sim.exists(JOB)).isTrue();
        assertThat(conditions(JOB)).contains("Reconciling Delete");
        assertThat(events("CleanupFailed")).isNotEmpty();
        sim.flink().savepoints(Savepoints.GOOD);
        for (int passes = 0; passes < 40 && sim.exists(JOB); passes++) {
            sim.step(JOB, Duration.ofSeconds(5));
        }
        assertThat(sim.exists(JOB)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster", "JobManager", "job"})
    void one_has_nothing_to_cancel_where_there_is_no(String what) {
        cluster();
        job("");
        switch (what) {
            case "cluster" -> sim.kubernetes().vanish(key(CLUSTER));
            case "JobManager" -> {
                sim.kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "session"));
                sim.cluster().settle();
            }
            default -> sim.flink().loses("tests", "session");
        }

        deleted(JOB);

        assertThat(sim.exists(JOB)).isFalse();
        assertThat(cancels()).isZero();
    }

    @Test
    void one_in_a_namespace_that_is_deleted_goes_at_once() {
        cluster();
        sim.flink().silent("tests", "session", true);
        job("");
        var namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", "tests").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        sim.kubernetes().put(namespace);

        deleted(JOB);

        assertThat(sim.exists(JOB)).isFalse();
    }

    @Test
    void one_whose_job_manager_does_not_answer_waits_as_long_as_that_may_run_its_job() {
        cluster();
        sim.flink().silent("tests", "session", true);
        job("");
        sim.delete(JOB);
        for (int passes = 0; passes < 30; passes++) {
            sim.step(JOB, Duration.ofSeconds(1));
        }
        sim.clock().advance(Duration.ofMinutes(5));
        sim.step(JOB, Duration.ofSeconds(1));
        sim.step(JOB, Duration.ofSeconds(1));
        assertThat(sim.exists(JOB)).as("the JobManager is available").isTrue();

        sim.cluster().losesJobManager("tests", "session");
        sim.defaults(new FlinkConfig(
                Map.of("high-availability.type", "kubernetes", "high-availability.storageDir", "file:/ha")));
        sim.clock().advance(Duration.ofMinutes(5));
        sim.step(JOB, Duration.ofSeconds(1));
        sim.step(JOB, Duration.ofSeconds(1));
        assertThat(sim.exists(JOB)).isTrue();

        sim.defaults(FlinkConfig.EMPTY);
        sim.converge(JOB);
        assertThat(sim.exists(JOB)).isFalse();
    }
}
