package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletion of a session cluster with jobs in it. */
class SessionDeletionTest {
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");
    private static final String JOB = "c".repeat(32);

    private final Simulation sim = new Simulation(
            new FeatureSets()
                    .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                    .deployer(new FakeDeployer())
                    .build(),
            FlinkConfig.EMPTY);

    @BeforeEach
    void a_session_cluster_serves() {
        sim.apply(Yaml.session("flink:2.3"));
        sim.converge(REF);
    }

    private void sessionJob(String name, String cluster) {
        sim.kubernetes().put((ObjectNode) Simulation.parse("""
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkSessionJob
                metadata: {namespace: tests, name: %s}
                spec: {deploymentName: %s}
                """.formatted(name, cluster)));
    }

    private void sessionJobGone(String name) {
        sim.kubernetes().vanish(new ObjectKey("flink.apache.org/v1beta1", "FlinkSessionJob", "tests", name));
    }

    private List<String> failures() {
        return sim.kubernetes().events().stream()
                .filter(event -> event.reason().equals("CleanupFailed"))
                .map(Event::message)
                .toList();
    }

    private String ready() {
        return sim.status(REF)
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals("Ready"))
                .map(condition -> condition.path("status").asText() + " "
                        + condition.path("message").asText())
                .findFirst()
                .orElseThrow();
    }

    private void deleted() {
        sim.delete(REF);
        sim.converge(REF);
    }

    @Test
    @Tag("S292")
    void s292_it_is_held_while_session_jobs_name_it() {
        sessionJob("first", "job");
        sessionJob("second", "job");
        sessionJob("third", "another");

        deleted();

        assertThat(sim.exists(REF)).isTrue();
        assertThat(failures())
                .containsExactly(
                        "deletion waits: FlinkSessionJobs first, second are in this session cluster. Delete them"
                                + " first, or set kubernetes.operator.session.deletion.block-on-session-jobs: \"false\" in"
                                + " spec.flinkConfiguration to lose them");
        assertThat(ready()).startsWith("False deletion waits: FlinkSessionJobs first, second");
        int writes = sim.kubernetes().log().size();
        sim.clock().advance(Duration.ofMinutes(10));
        sim.converge(REF);
        assertThat(sim.kubernetes().log()).hasSize(writes);

        sessionJobGone("first");
        sessionJobGone("second");
        sim.converge(REF);
        assertThat(sim.exists(REF)).isFalse();
    }

    @Test
    @Tag("S293")
    void s293_it_is_held_while_a_job_runs_in_it() {
        sim.flink().submits("tests", "job", JOB);

        deleted();

        assertThat(sim.exists(REF)).isTrue();
        assertThat(failures()).singleElement().asString().contains("jobs " + JOB + " run in this session cluster");

        sim.flink().becomes("tests", "job", "CANCELED");
        sim.converge(REF);
        assertThat(sim.exists(REF)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes.operator.session.deletion.block-on-unmanaged-jobs",
                "kubernetes.operator.session.block-on-unmanaged-jobs",
                "kubernetes.operator.session.deletion.block-on-session-jobs"
            })
    @Tag("S293")
    void s293_jobs_that_nobody_manages_do_not_hold_it_where_the_user_says_so(String key) {
        sim.flink().submits("tests", "job", JOB);
        sim.defaults(new FlinkConfig(Map.of(key, "false")));

        deleted();

        assertThat(sim.exists(REF)).isFalse();
    }

    @Test
    @Tag("S294")
    void s294_session_jobs_do_not_hold_it_where_the_user_says_so() {
        sessionJob("first", "job");
        sim.defaults(new FlinkConfig(Map.of("kubernetes.operator.session.deletion.block-on-session-jobs", "false")));

        deleted();

        assertThat(sim.exists(REF)).isFalse();
    }

    @Test
    void one_without_a_job_manager_is_not_held() {
        sessionJob("first", "job");
        sim.kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "job"));
        sim.cluster().settle();

        deleted();

        assertThat(sim.exists(REF)).isFalse();
    }

    @Test
    void one_in_a_namespace_that_is_deleted_is_not_held() {
        sessionJob("first", "job");
        var namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", "tests").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        sim.kubernetes().put(namespace);

        deleted();

        assertThat(sim.exists(REF)).isFalse();
    }

    @Test
    void one_whose_job_manager_does_not_answer_is_held_as_long_as_that_may_run_jobs() {
        sim.flink().silent("tests", "job", true);
        sim.delete(REF);
        for (int passes = 0; passes < 30; passes++) {
            sim.step(REF, Duration.ofSeconds(1));
        }
        assertThat(sim.exists(REF)).isTrue();
        assertThat(failures()).isEmpty();

        sim.clock().advance(Duration.ofMinutes(1));
        sim.step(REF, Duration.ofSeconds(1));
        assertThat(sim.exists(REF)).isTrue();
        assertThat(failures())
                .singleElement()
                .asString()
                .contains("does not answer")
                .contains("block-on-unmanaged-jobs");

        sim.cluster().losesJobManager("tests", "job");
        sim.converge(REF);
        assertThat(sim.exists(REF)).isFalse();
    }
}
