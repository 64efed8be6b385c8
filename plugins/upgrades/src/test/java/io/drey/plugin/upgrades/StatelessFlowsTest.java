package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Scenario.application;
import static io.drey.plugin.upgrades.Scenario.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.loop.Requeue;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.Crash;
import io.drey.testkit.Faults;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Flows of create, stateless change, suspend, resume and delete, run by the real engine. */
class StatelessFlowsTest {
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");

    private final Simulation world = Scenario.start();

    private static String lifecycle(JsonNode status) {
        return status.path("lifecycleState").asText();
    }

    private static String jobState(JsonNode status) {
        return status.path("jobStatus").path("state").asText();
    }

    private static String reconciliation(JsonNode status) {
        return status.path("reconciliationStatus").path("state").asText();
    }

    @Test
    @Tag("S001")
    void f1_s001_a_new_application_is_recorded_then_launched_then_observed_running() {
        var ref = world.apply(application("flink:2.3", 1, "running"));

        world.converge(ref);

        var status = world.status(ref);
        assertThat(lifecycle(status)).isEqualTo("STABLE");
        assertThat(jobState(status)).isEqualTo("RUNNING");
        assertThat(reconciliation(status)).isEqualTo("DEPLOYED");
        assertThat(status.path("jobManagerDeploymentStatus").asText()).isEqualTo("READY");
        assertThat(status.has("operation")).isFalse();
        assertThat(world.cluster().started())
                .containsExactly(status.path("jobStatus").path("jobId").asText());
    }

    @Test
    @Tag("S064")
    void f1_s064_the_intent_is_stored_before_the_first_object_is_created() {
        var ref = world.apply(application("flink:2.3", 1, "running"));

        world.converge(ref);

        var log = world.kubernetes().log();
        var firstCreate = log.stream()
                .filter(entry -> entry.startsWith("create"))
                .findFirst()
                .orElseThrow();
        assertThat(log.subList(0, log.indexOf(firstCreate)))
                .contains("finalizers FlinkDeployment tests/job", "status FlinkDeployment tests/job");
        assertThat(log.subList(log.indexOf(firstCreate), log.size()))
                .filteredOn(entry -> entry.startsWith("create"))
                .containsExactly(
                        "create Deployment tests/job",
                        "create Service tests/job-rest",
                        "create ConfigMap tests/flink-config-job");
    }

    @Test
    @Tag("S111")
    void f4_s111_a_stateless_change_cancels_removes_and_starts_under_a_new_job_id() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        var first = world.status(ref).path("jobStatus").path("jobId").asText();

        world.apply(application("flink:2.4", 2, "running"));
        world.converge(ref);

        var status = world.status(ref);
        assertThat(lifecycle(status)).isEqualTo("STABLE");
        assertThat(status.path("observedGeneration").asLong()).isEqualTo(2);
        assertThat(status.path("reconciliationStatus")
                        .path("lastReconciledSpec")
                        .asText())
                .contains("flink:2.4");
        assertThat(world.flink().log()).containsExactly("cancel " + first);
        assertThat(world.cluster().started()).hasSize(2).doesNotHaveDuplicates();
        assertThat(world.kubernetes().events())
                .extracting(event -> event.reason())
                .containsSubsequence("Submit", "SpecChanged", "Suspended", "Submit");
    }

    @Test
    @Tag("S137")
    void f5_s137_an_edit_in_mid_upgrade_retargets_the_operation_and_launches_once() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.apply(application("flink:2.4", 1, "running"));
        world.pass(ref);
        var operation = world.status(ref).path("operation").path("id").asText();
        world.pass(ref);

        world.apply(application("flink:2.5", 1, "running"));
        world.pass(ref);

        assertThat(world.status(ref).path("operation").path("id").asText()).isEqualTo(operation);
        assertThat(world.status(ref).path("operation").path("generation").asLong())
                .isEqualTo(3);
        world.converge(ref);
        assertThat(world.cluster().started()).hasSize(2);
        assertThat(world.status(ref)
                        .path("reconciliationStatus")
                        .path("lastReconciledSpec")
                        .asText())
                .contains("flink:2.5");
        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
    }

    private long launches() {
        return world.kubernetes().log().stream()
                .filter("create Deployment tests/job"::equals)
                .count();
    }

    @Test
    @Tag("S137")
    void f5_s137_an_edit_after_the_launch_is_carried_out_after_it_and_leaves_no_object_of_its_own_in_it() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.apply(application("flink:2.4", 1, "running", "stateless", "{test.version: four}"));
        for (int passes = 0; launches() < 2; passes++) {
            assertThat(passes).isLessThan(20);
            world.faults().disturb((effect, happened) -> {
                if (happened && launches() == 2) {
                    throw Faults.crash("after " + effect);
                }
            });
            try {
                world.pass(ref);
            } catch (Crash crash) {
                world.restart();
            }
            world.cluster().settle();
        }
        world.faults().disturb(Faults.Disturbance.NONE);
        world.apply(application("flink:2.5", 1, "running", "stateless", "{test.version: five}"));

        world.pass(ref);
        world.pass(ref);

        assertThat(world.status(ref)
                        .path("reconciliationStatus")
                        .path("lastReconciledSpec")
                        .asText())
                .contains("flink:2.4");
        world.converge(ref);
        assertThat(world.cluster().started()).hasSize(3).doesNotHaveDuplicates();
        assertThat(world.status(ref)
                        .path("reconciliationStatus")
                        .path("lastReconciledSpec")
                        .asText())
                .contains("flink:2.5");
        assertThat(world.status(ref).path("observedGeneration").asLong()).isEqualTo(3);
    }

    @Test
    @Tag("S133")
    @Tag("S135")
    void f6_s133_s135_suspend_and_resume() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        world.apply(application("flink:2.3", 1, "suspended"));
        world.converge(ref);

        var suspended = world.status(ref);
        assertThat(lifecycle(suspended)).isEqualTo("SUSPENDED");
        assertThat(reconciliation(suspended)).isEqualTo("DEPLOYED");
        assertThat(suspended.path("taskManager").path("replicas").asInt()).isZero();
        assertThat(suspended.path("reconciliationStatus").path("lastStableSpec"))
                .isEqualTo(suspended.path("reconciliationStatus").path("lastReconciledSpec"));
        assertThat(world.kubernetes().peek(DEPLOYMENT)).isEmpty();

        world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
        assertThat(world.cluster().started()).hasSize(2);
    }

    @Test
    void f5_an_edit_back_to_running_in_mid_suspend_launches_under_a_job_id_of_its_own() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.apply(application("flink:2.3", 1, "suspended"));
        world.pass(ref);
        world.pass(ref);

        world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
        assertThat(world.cluster().started()).hasSize(2).doesNotHaveDuplicates();
        assertThat(world.status(ref).path("jobStatus").path("jobId").asText())
                .isEqualTo(world.cluster().started().getLast());
    }

    @Test
    @Tag("S060")
    void f6_s060_a_resource_that_is_created_suspended_waits() {
        var ref = world.apply(application("flink:2.3", 1, "suspended"));

        world.converge(ref);

        assertThat(world.kubernetes().peek(DEPLOYMENT)).isEmpty();
        world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
    }

    @Test
    @Tag("S290")
    void f18_s290_a_session_cluster_is_deployed_changed_and_stable() {
        var ref = world.apply(session("flink:2.3"));
        world.converge(ref);
        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
        assertThat(world.status(ref).path("jobStatus").has("jobId")).isFalse();

        world.apply(session("flink:2.4"));
        world.converge(ref);

        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
        assertThat(world.cluster().started()).hasSize(2);
    }

    @Test
    void f27_a_spec_that_cannot_be_rendered_is_refused_and_costs_nothing_that_runs() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        world.apply(application(
                "flink:2.3", 1, "running", "stateless", "{test.render-error: 'taskmanager.memory: found x'}"));
        world.converge(ref);

        assertThat(world.cluster().started()).hasSize(1);
        assertThat(jobState(world.status(ref))).isEqualTo("RUNNING");
        assertThat(world.status(ref).path("error").asText()).contains("taskmanager.memory: found x");
        world.apply(application("flink:2.4", 1, "running"));
        world.converge(ref);
        assertThat(world.status(ref).has("error")).isFalse();
        assertThat(world.cluster().started()).hasSize(2);
    }

    @Test
    void an_upgrade_mode_that_no_plugin_offers_is_refused_with_the_mend_and_the_job_goes_on() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        world.apply(application("flink:2.4", 1, "running", "rolling", "{}"));
        world.converge(ref);

        assertThat(world.cluster().started()).hasSize(1);
        assertThat(jobState(world.status(ref))).isEqualTo("RUNNING");
        assertThat(world.status(ref).path("error").asText()).contains("rolling").contains("stateless");
    }

    @Test
    void f4_a_restarted_operator_asks_the_job_manager_before_it_takes_it_for_silent() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.restart();

        world.apply(application("flink:2.4", 1, "running"));
        world.converge(ref);

        assertThat(world.flink().log()).hasSize(1).first().asString().startsWith("cancel");
        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
    }

    @Test
    void f4_an_answer_that_never_comes_is_waited_for_half_a_minute() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.restart();
        world.flink().deaf();
        world.apply(application("flink:2.4", 1, "running"));
        for (int passes = 0; passes < 20; passes++) {
            world.pass(ref);
            world.cluster().settle();
            world.clock().advance(Duration.ofSeconds(1));
        }
        assertThat(world.cluster().started()).hasSize(1);

        world.clock().advance(Duration.ofSeconds(15));
        world.converge(ref);

        assertThat(world.cluster().started()).hasSize(2);
        assertThat(world.flink().log()).isEmpty();
    }

    @Test
    void f33_a_gate_holds_before_the_operation_is_recorded_and_never_deletion() {
        var held = Scenario.start(new FeatureSets()
                .gate((start, situation) -> java.util.Optional.of(
                        new io.drey.spi.Gate.Hold("maintenance", java.time.Duration.ofMinutes(5)))));
        var ref = held.apply(application("flink:2.3", 1, "running"));

        assertThat(held.pass(ref)).isEqualTo(Requeue.after(java.time.Duration.ofMinutes(5)));
        assertThat(held.kubernetes().log()).noneMatch(entry -> entry.startsWith("create"));
        held.delete(ref);
        held.converge(ref);
        assertThat(held.exists(ref)).isFalse();
    }

    @Test
    @Tag("S002")
    @Tag("S021")
    void f37_s002_s021_steady_state_writes_nothing_and_reads_nothing_live() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        int writes = world.kubernetes().log().size();
        int reads = world.kubernetes().liveReads();

        for (int i = 0; i < 100; i++) {
            world.pass(ref);
            world.clock().advance(java.time.Duration.ofSeconds(60));
        }

        assertThat(world.kubernetes().log()).hasSize(writes);
        assertThat(world.kubernetes().liveReads()).isEqualTo(reads);
    }

    @Test
    @Tag("S038")
    void s038_changed_defaults_start_nothing_and_count_at_the_next_launch() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        world.defaults(new FlinkConfig(Map.of("high-availability.type", "kubernetes")));
        world.converge(ref);
        assertThat(world.cluster().started()).hasSize(1);

        world.apply(application("flink:2.4", 1, "running"));
        world.converge(ref);
        assertThat(world.cluster().started()).hasSize(2);
        assertThat(world.kubernetes()
                        .peek(DEPLOYMENT)
                        .orElseThrow()
                        .path("metadata")
                        .path("annotations")
                        .path("test/high-availability")
                        .asBoolean())
                .isTrue();
    }

    @Test
    @Tag("S004")
    void f38_s004_a_canary_is_not_deployed_and_can_be_deleted() {
        var ref = world.apply(application("flink:2.3", 1, "running")
                .replace("  name: job\n", "  name: job\n  labels: {flink.apache.org/canary: 'true'}\n"));

        world.converge(ref);

        assertThat(world.kubernetes().log()).isEmpty();
        world.delete(ref);
        assertThat(world.exists(ref)).isFalse();
    }

    @Test
    @Tag("S181")
    void s181_a_deleted_application_leaves_nothing_behind() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        world.delete(ref);
        world.converge(ref);

        assertThat(world.exists(ref)).isFalse();
        assertThat(world.kubernetes().peekAll("Deployment")).isEmpty();
        assertThat(world.kubernetes().peekAll("Service")).isEmpty();
        assertThat(world.kubernetes().peekAll("ConfigMap")).isEmpty();
        assertThat(world.kubernetes().events())
                .extracting(event -> event.reason())
                .contains("Cleanup");
    }

    @Test
    @Tag("S069")
    void s069_deletion_before_the_first_deployment_and_in_mid_launch() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.pass(ref);
        world.pass(ref);

        world.delete(ref);
        world.converge(ref);

        assertThat(world.exists(ref)).isFalse();
        assertThat(world.cluster().started()).isEmpty();
    }

    @Test
    @Tag("S056")
    void s056_a_resource_deleted_and_created_again_under_its_name_is_a_new_one() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.delete(ref);
        world.converge(ref);

        world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        assertThat(lifecycle(world.status(ref))).isEqualTo("STABLE");
        assertThat(world.cluster().started()).hasSize(2);
    }
}
