package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.Faults.Disturbance;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades from the newest state that there is: in every state that job, JobManager and metadata can be in. */
class LastStateFlowsTest {
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");
    private static final String JOB_CANCEL = "kubernetes.operator.job.upgrade.last-state.job-cancel.enabled: 'true'";

    private static void metadataIsLost(Stateful world) {
        for (var map : world.sim().kubernetes().peekAll("ConfigMap")) {
            if (map.path("metadata").path("labels").has("configmap-type")) {
                world.sim().kubernetes().vanish(ObjectKey.of(map));
            }
        }
    }

    private static void jobManagerIsDeleted(Stateful world) {
        world.sim().kubernetes().userDeletes(DEPLOYMENT);
        world.sim().cluster().settle();
    }

    @Nested
    class WithMetadata {
        private final Stateful world = Stateful.running("last-state", Ha.ON);

        @Test
        @Tag("S114")
        @Tag("S070")
        void f3_s114_s070_the_job_manager_goes_the_metadata_stays_and_the_job_goes_on_under_its_id() {
            var id = world.jobId();
            world.apply("flink:2.4", "last-state");

            world.passUntil(status -> status.path("operation").path("results").has("checkpointId"));

            assertThat(world.sim().kubernetes().peek(DEPLOYMENT)).isEmpty();
            assertThat(world.reconciliation()).isEqualTo("UPGRADING");
            assertThat(world.recorded())
                    .contains("\"upgradeMode\":\"last-state\"")
                    .contains("\"state\":\"suspended\"");
            assertThat(world.status()
                            .path("operation")
                            .path("results")
                            .path("checkpointId")
                            .asText())
                    .isEqualTo("1");

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.recorded()).contains("flink:2.4");
            assertThat(world.jobId()).isEqualTo(id);
            assertThat(world.status()
                            .path("jobStatus")
                            .path("upgradeSavepointPath")
                            .asText())
                    .isEqualTo("KUBERNETES_OPERATOR_LAST_STATE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
            assertThat(world.sim().flink().log()).isEmpty();
            world.lostNothing();
        }

        @Test
        @Tag("S116")
        void s116_no_savepoint_is_taken_when_the_mode_is_changed_to_last_state() {
            var other = Stateful.running("savepoint", Ha.ON);
            other.apply("flink:2.4", "last-state");

            other.converge();

            assertThat(other.lifecycle()).isEqualTo("STABLE");
            assertThat(other.sim().flink().log()).isEmpty();
            other.lostNothing();
        }

        @ParameterizedTest
        @ValueSource(strings = {"FAILING", "RESTARTING", "CREATED", "INITIALIZING"})
        @Tag("S117")
        void s117_a_job_that_does_not_run_is_taken_from_its_metadata_instead_of_a_savepoint(String state) {
            var other = Stateful.running("savepoint", Ha.ON);
            other.sim().flink().becomes("tests", "job", state);
            other.apply("flink:2.4", "savepoint");

            other.converge();

            assertThat(other.lifecycle()).isEqualTo("STABLE");
            assertThat(other.recorded()).contains("\"upgradeMode\":\"last-state\"");
            assertThat(other.sim().flink().log()).isEmpty();
            other.lostNothing();
        }

        @Test
        @Tag("S118")
        void s118_without_the_fallback_it_waits_and_deletes_nothing() {
            var other = Stateful.running("savepoint", Ha.ON);
            other.sim().flink().becomes("tests", "job", "RESTARTING");
            other.apply(
                    "flink:2.4",
                    "savepoint",
                    "running",
                    "kubernetes.operator.job.upgrade.last-state-fallback.enabled: 'false'");

            other.pass(10);

            assertThat(other.condition("Reconciling")).contains("last-state-fallback.enabled");
            assertThat(other.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("delete"));
            other.sim().flink().becomes("tests", "job", "RUNNING");
            other.converge();
            assertThat(other.lifecycle()).isEqualTo("STABLE");
            other.lostNothing();
        }

        @Test
        @Tag("S115")
        void s115_with_job_cancel_the_job_is_cancelled_and_its_last_checkpoint_is_taken() {
            var id = world.jobId();
            world.apply("flink:2.4", "last-state", "running", JOB_CANCEL);

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().flink().log()).containsExactly("cancel " + id);
            assertThat(world.jobId()).isNotEqualTo(id);
            world.lostNothing();
        }

        @ParameterizedTest
        @ValueSource(strings = {"last-state", "savepoint", "stateless"})
        @Tag("S073")
        void s073_the_job_manager_of_a_job_that_has_ended_goes_before_the_next_one_comes(String mode) {
            world.sim().flink().becomes("tests", "job", "FINISHED");
            world.converge();
            var ended = world.jobId();
            assertThat(world.sim().kubernetes().peek(DEPLOYMENT)).isPresent();

            world.apply("flink:2.4", mode);
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            var log = world.sim().kubernetes().log();
            assertThat(log.indexOf("delete Deployment tests/job"))
                    .isPositive()
                    .isLessThan(log.lastIndexOf("create Deployment tests/job"));
            assertThat(world.jobId()).isNotEqualTo(ended);
            assertThat(world.lastBegun().checkpointId()).isEqualTo(mode.equals("stateless") ? -1 : 1);
            assertThat(world.sim().kubernetes().peekAll("ConfigMap"))
                    .extracting(map -> map.path("metadata").path("name").asText())
                    .noneMatch(name -> name.contains(ended));
        }

        @ParameterizedTest
        @ValueSource(strings = {"last-state", "savepoint"})
        @Tag("S132")
        void s132_of_an_application_whose_job_manager_does_not_answer_the_metadata_is_taken(String mode) {
            var other = Stateful.running(mode, Ha.ON);
            other.sim().flink().silent("tests", "job", true);
            other.pass(3);
            other.apply("flink:2.4", mode);

            other.converge();

            assertThat(other.lifecycle()).isEqualTo("STABLE");
            assertThat(other.recorded()).contains("flink:2.4");
            assertThat(other.sim().flink().log()).isEmpty();
            other.lostNothing();
        }

        @Test
        @Tag("S125")
        void s125_a_job_manager_that_somebody_deleted_is_no_hindrance_as_long_as_its_metadata_is_there() {
            jobManagerIsDeleted(world);
            world.apply("flink:2.4", "last-state");

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        }

        @Test
        @Tag("S126")
        void s126_without_job_manager_and_metadata_a_stateful_upgrade_is_refused_and_a_stateless_one_is_not() {
            jobManagerIsDeleted(world);
            metadataIsLost(world);
            world.apply("flink:2.4", "last-state");

            world.pass(10);

            assertThat(world.lifecycle()).isEqualTo("FAILED");
            assertThat(world.status().path("error").asText())
                    .contains("UpgradeFailed")
                    .contains("JobManager deployment is missing and HA metadata is not available");
            assertThat(world.condition("Stalled"))
                    .contains("initialSavepointPath")
                    .contains("stateless");
            world.apply("flink:2.4", "stateless");
            world.converge();
            assertThat(world.lifecycle()).isEqualTo("STABLE");
        }

        @Test
        void c3_metadata_that_vanishes_after_the_stop_keeps_the_operation_and_starts_nothing() {
            world.apply("flink:2.4", "last-state");
            world.passUntil(
                    status -> status.path("operation").path("phase").asText().equals("LAUNCHING"));
            metadataIsLost(world);

            world.pass(20);

            assertThat(world.sim().cluster().started()).hasSize(1);
            assertThat(world.status().path("error").asText())
                    .contains("RestoreFailed")
                    .contains("HA metadata is not available");
            world.apply(
                    "flink:2.4",
                    "last-state",
                    "running",
                    "",
                    "initialSavepointPath: 'file:/checkpoints/" + world.jobId() + "/chk-1', savepointRedeployNonce: 1");
            world.converge();
            assertThat(world.lifecycle()).isEqualTo("STABLE");
            world.lostNothing();
        }

        @Test
        void c3_metadata_that_is_older_than_what_was_recorded_at_the_stop_is_not_started_from() {
            world.sim().flink().checkpoints("tests", "job");
            world.apply("flink:2.4", "last-state");
            world.passUntil(status -> status.path("operation").path("results").has("checkpointId"));
            var key = new ObjectKey("v1", "ConfigMap", "tests", "job-" + world.jobId() + "-config-map");
            var map = (ObjectNode) world.sim().kubernetes().peek(key).orElseThrow();
            map.withObject("/data").removeAll().put("checkpointID-0000000000000000001", "file:/checkpoints/old");
            world.sim().kubernetes().put(map);

            world.pass(20);

            assertThat(world.sim().cluster().started()).hasSize(1);
            assertThat(world.status().path("error").asText())
                    .contains("RestoreFailed")
                    .contains("checkpoint 2");
        }

        /** The operator could not say that it has launched: what the job reached meanwhile is newer than its savepoint. */
        @Test
        void a_launch_that_is_lost_before_it_is_recorded_goes_on_from_where_its_job_was() {
            world.apply("flink:2.4", "savepoint");
            world.sim().faults().disturb((effect, happened) -> {
                if (!happened && effect.startsWith("create Service")) {
                    throw new KubernetesError(500, "no services in the test");
                }
            });
            world.pass(12);
            assertThat(world.status().at("/operation/phase").asText()).isEqualTo("LAUNCHING");
            assertThat(world.sim().flink().begun()).hasSize(2);
            world.works();
            world.sim().flink().checkpoints("tests", "job");

            jobManagerIsDeleted(world);
            world.sim().faults().disturb(Disturbance.NONE);
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().flink().begun()).hasSize(3);
            world.lostNothing();
        }

        @Test
        void a_suspend_with_last_state_names_no_savepoint_of_before() {
            world.apply("flink:2.4", "savepoint");
            world.converge();
            assertThat(world.status().at("/jobStatus/upgradeSavepointPath").asText())
                    .contains("savepoint");
            world.sim().flink().checkpoints("tests", "job");

            world.apply("flink:2.4", "last-state", "suspended", "");
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("SUSPENDED");
            assertThat(world.status().at("/jobStatus/upgradeSavepointPath").asText())
                    .isEqualTo("KUBERNETES_OPERATOR_LAST_STATE");
        }

        @Test
        void f6_suspend_and_resume_with_last_state_keep_job_id_and_state() {
            var id = world.jobId();
            world.apply("flink:2.3", "last-state", "suspended", "");
            world.converge();
            assertThat(world.lifecycle()).isEqualTo("SUSPENDED");
            assertThat(world.sim().kubernetes().peek(DEPLOYMENT)).isEmpty();

            world.apply("flink:2.4", "savepoint");
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.jobId()).isEqualTo(id);
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
            world.lostNothing();
        }

        @Test
        void f6_a_resume_whose_metadata_was_deleted_is_refused() {
            world.apply("flink:2.3", "last-state", "suspended", "");
            world.converge();
            metadataIsLost(world);

            world.apply("flink:2.3", "last-state");
            world.converge();

            assertThat(world.sim().cluster().started()).hasSize(1);
            assertThat(world.status().path("error").asText()).contains("RestoreFailed");
        }

        @Test
        @Tag("S120")
        void s120_a_recorded_path_is_not_trusted_while_metadata_of_the_job_is_there() {
            world.sim().flink().silent("tests", "job", true);
            world.pass(5);
            var resource = (ObjectNode) world.sim()
                    .kubernetes()
                    .peek(new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name()))
                    .orElseThrow();
            resource.withObject("/status/jobStatus")
                    .put("state", "FAILED")
                    .put("upgradeSavepointPath", "file:/checkpoints/older");
            world.sim().kubernetes().put(resource);
            world.apply("flink:2.4", "last-state");

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        }
    }

    @Nested
    class WithoutMetadata {
        private final Stateful world = Stateful.running("last-state", Ha.OFF);

        @Test
        @Tag("S115")
        @Tag("S145")
        @Tag("S147")
        void s115_s145_s147_the_job_is_cancelled_once_and_shown_as_the_contract_has_it() {
            var id = world.jobId();
            world.apply("flink:2.4", "last-state");

            world.passUntil(
                    status -> status.path("jobStatus").path("state").asText().equals("CANCELLING"));

            assertThat(world.reconciliation()).isEqualTo("UPGRADING");
            assertThat(world.recorded())
                    .contains("flink:2.3")
                    .contains("\"upgradeMode\":\"savepoint\"")
                    .contains("\"state\":\"running\"");

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().flink().log()).containsExactly("cancel " + id);
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
            assertThat(world.jobId()).isNotEqualTo(id);
            world.lostNothing();
        }

        @Test
        void a_suspend_by_cancelling_ends_suspended_with_its_checkpoint() {
            world.apply("flink:2.3", "last-state", "suspended", "");
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("SUSPENDED");
            assertThat(world.reconciliation()).isEqualTo("DEPLOYED");
            assertThat(world.status()
                            .path("jobStatus")
                            .path("upgradeSavepointPath")
                            .asText())
                    .endsWith("/chk-1");
            world.apply("flink:2.3", "last-state");
            world.converge();
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"last-state", "savepoint"})
        @Tag("S132")
        void s132_an_application_whose_job_manager_does_not_answer_is_waited_for(String mode) {
            var other = Stateful.running(mode, Ha.OFF);
            other.sim().flink().silent("tests", "job", true);
            other.pass(3);
            other.apply("flink:2.4", mode);

            other.pass(10);

            assertThat(other.sim().cluster().started()).hasSize(1);
            assertThat(other.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("delete"));
            assertThat(other.condition("Reconciling")).isNotEmpty();
            other.sim().flink().silent("tests", "job", false);
            other.converge();
            assertThat(other.lifecycle()).isEqualTo("STABLE");
            other.lostNothing();
        }

        @ParameterizedTest
        @ValueSource(strings = {"RUNNING", "FAILED"})
        @Tag("S152")
        void s152_a_checkpoint_that_only_the_job_manager_can_read_is_refused_and_nothing_older_is_used(String state) {
            world.sim().flink().checkpoints("tests", "job");
            world.sim().flink().checkpointHasNoPath("tests", "job");
            world.sim().flink().becomes("tests", "job", state);
            world.pass(3);
            world.apply("flink:2.4", "last-state");

            world.pass(10);

            assertThat(world.condition("Stalled"))
                    .contains("checkpoint 2")
                    .contains("state.checkpoints.dir")
                    .contains("initialSavepointPath");
            assertThat(world.job()).isEqualTo(state);
            assertThat(world.sim().flink().log()).isEmpty();
            assertThat(world.sim().cluster().started()).hasSize(1);
        }

        @Test
        @Tag("S170")
        void s170_a_job_that_finishes_is_stable_and_is_not_started_again() {
            world.sim().flink().becomes("tests", "job", "FINISHED");
            world.converge();
            world.sim().restart();
            world.sim().converge(REF, Duration.ofMinutes(10));

            assertThat(world.job()).isEqualTo("FINISHED");
            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().cluster().started()).hasSize(1);
            assertThat(world.status().has("error")).isFalse();
        }

        @Test
        void a_job_that_has_no_checkpoint_yet_is_waited_for() {
            var fresh = new Stateful(Scenario.start(Ha.OFF));
            fresh.apply("flink:2.3", "last-state");
            fresh.converge();
            fresh.apply("flink:2.4", "last-state");

            fresh.pass(10);

            assertThat(fresh.condition("Reconciling"))
                    .contains("has a checkpoint")
                    .contains("stateless");
            assertThat(fresh.sim().flink().log()).isEmpty();
            fresh.sim().flink().checkpoints("tests", "job");
            fresh.converge();
            assertThat(fresh.lifecycle()).isEqualTo("STABLE");
            fresh.lostNothing();
        }

        @Test
        void a_cancel_that_would_delete_the_checkpoint_is_refused() {
            var other = new Stateful(Scenario.start(Ha.OFF));
            other.apply(
                    "flink:2.3",
                    "last-state",
                    "running",
                    "execution.checkpointing.externalized-checkpoint-retention: DELETE_ON_CANCELLATION");
            other.converge();
            other.sim().flink().checkpoints("tests", "job");
            other.apply("flink:2.4", "last-state");

            other.converge();

            assertThat(other.condition("Stalled")).contains("externalized-checkpoint-retention");
            assertThat(other.sim().flink().log()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"FINISHED,last-state", "FAILED,last-state", "FAILED,savepoint"})
        @Tag("S119")
        void s119_a_job_that_has_ended_goes_on_from_its_newest_snapshot(String state, String mode) {
            world.sim().flink().checkpoints("tests", "job");
            world.sim().flink().becomes("tests", "job", state);
            world.converge();
            assertThat(world.job()).isEqualTo(state);
            assertThat(world.status()
                            .path("jobStatus")
                            .path("upgradeSavepointPath")
                            .asText())
                    .endsWith("/chk-2");

            world.apply("flink:2.4", mode);
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
            world.lostNothing();
        }

        @ParameterizedTest
        @ValueSource(strings = {"last-state", "savepoint"})
        @Tag("S147")
        void s147_a_job_that_somebody_else_cancelled_is_started_again_from_its_newest_checkpoint(String mode) {
            var other = Stateful.running(mode, Ha.OFF);
            other.sim().flink().checkpoints("tests", "job");
            other.sim().flink().becomes("tests", "job", "CANCELED");

            other.converge();

            assertThat(other.lifecycle()).isEqualTo("STABLE");
            assertThat(other.sim().cluster().started()).hasSize(2);
            assertThat(other.lastBegun().checkpointId()).isEqualTo(2);
            other.lostNothing();
        }

        @Test
        @Tag("S150")
        void s150_the_newest_snapshot_of_an_ended_job_is_recorded_before_its_job_manager_can_go() {
            world.sim().flink().becomes("tests", "job", "FAILED");
            world.converge();
            jobManagerIsDeleted(world);
            world.pass(5);
            assertThat(world.job()).isEqualTo("FAILED");

            world.apply("flink:2.4", "last-state");
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        }

        @Test
        @Tag("S121")
        void s121_a_job_that_ended_without_telling_where_its_state_is_is_not_started_empty() {
            world.sim().flink().becomes("tests", "job", "FAILED");
            world.converge();
            jobManagerIsDeleted(world);
            var resource = (ObjectNode) world.sim()
                    .kubernetes()
                    .peek(new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name()))
                    .orElseThrow();
            resource.withObject("/status/jobStatus").put("upgradeSavepointPath", "KUBERNETES_OPERATOR_LAST_STATE");
            world.sim().kubernetes().put(resource);

            world.apply("flink:2.4", "last-state");
            world.converge();

            assertThat(world.status().path("error").asText())
                    .contains("Job is in terminal state but last checkpoint is unknown")
                    .contains("anual restore required");
            assertThat(world.lifecycle()).isEqualTo("FAILED");
            assertThat(world.sim().cluster().started()).hasSize(1);
        }

        @Test
        void c6_a_job_manager_that_dies_while_its_job_is_cancelled_is_followed_by_nothing_older() {
            world.apply("flink:2.4", "last-state");
            world.passUntil(
                    status -> status.path("operation").path("phase").asText().equals("STOPPING"));
            world.sim().flink().loses("tests", "job");

            world.pass(20);

            assertThat(world.sim().cluster().started()).hasSize(1);
            assertThat(world.condition("Stalled")).contains("file:/checkpoints").contains("2026-01-01T");
        }
    }

    @Nested
    class NeverStarted {
        @Test
        @Tag("S122")
        void s122_after_a_savepoint_upgrade_to_a_bad_image_the_same_savepoint_is_used_again() {
            var world = Stateful.running("savepoint", Ha.OFF);
            world.apply("flink:missing", "savepoint");
            world.converge();
            assertThat(world.status().path("jobManagerDeploymentStatus").asText())
                    .isEqualTo("DEPLOYING");

            world.apply("flink:2.4", "savepoint");
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
            assertThat(world.sim().flink().log()).hasSize(1);
            world.lostNothing();
        }

        @ParameterizedTest
        @EnumSource(Ha.class)
        @Tag("S123")
        void s123_a_first_deployment_that_never_started_is_begun_again_from_the_initial_path_or_empty(Ha ha) {
            for (var path : new String[] {"", "file:/checkpoints/given"}) {
                var world = new Stateful(Scenario.start(ha));
                var job = path.isEmpty() ? "" : "initialSavepointPath: '" + path + "'";
                world.sim().flink().storage().put(path, 7, 3);
                world.apply("flink:missing", "last-state", "running", "", job);
                world.converge();

                world.apply("flink:2.4", "last-state", "running", "", job);
                world.converge();

                assertThat(world.lifecycle()).isEqualTo("STABLE");
                assertThat(world.lastBegun().checkpointId()).isEqualTo(path.isEmpty() ? -1 : 7);
            }
        }

        @Test
        @Tag("S124")
        void s124_after_a_last_state_upgrade_to_a_bad_image_the_metadata_is_used() {
            var world = Stateful.running("last-state", Ha.ON);
            world.apply("flink:missing", "last-state");
            world.converge();

            world.apply("flink:2.4", "last-state");
            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
            world.lostNothing();
        }

        @Test
        @Tag("S124")
        void s124_if_that_metadata_is_lost_the_upgrade_waits_and_nothing_starts_empty() {
            var world = Stateful.running("last-state", Ha.ON);
            world.apply("flink:missing", "last-state");
            world.converge();
            metadataIsLost(world);

            world.apply("flink:2.4", "last-state");
            world.pass(10);

            assertThat(world.sim().flink().begun()).hasSize(1);
        }
    }

    @Nested
    class CheckpointAge {
        private static final String AGE =
                "kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age: 1 min";

        private final Stateful world = Stateful.running("last-state", Ha.ON);

        @Test
        @Tag("S127")
        void s127_a_job_younger_than_that_is_not_asked() {
            world.apply("flink:2.4", "last-state", "running", AGE);
            world.passUntil(status -> status.has("operation"));
            assertThat(world.sim().flink().checkpointsAsked()).isZero();

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().flink().log()).isEmpty();
        }

        @Test
        @Tag("S127")
        void s127_a_young_checkpoint_will_do() {
            world.sim().clock().advance(Duration.ofMinutes(5));
            world.sim().flink().checkpoints("tests", "job");
            world.apply("flink:2.4", "last-state", "running", AGE);

            world.converge();

            assertThat(world.sim().flink().log()).isEmpty();
            assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        }

        @Test
        @Tag("S127")
        void s127_an_old_one_makes_it_a_savepoint() {
            world.sim().clock().advance(Duration.ofMinutes(5));
            world.apply("flink:2.4", "last-state", "running", AGE);

            world.converge();

            assertThat(world.sim().flink().log()).hasSize(1).first().asString().startsWith("stop");
            assertThat(world.lifecycle()).isEqualTo("STABLE");
            world.lostNothing();
        }

        @Test
        @Tag("S127")
        void s127_a_checkpoint_under_way_is_waited_for() {
            world.sim().clock().advance(Duration.ofMinutes(5));
            world.sim().flink().checkpointHangs("tests", "job");
            world.apply("flink:2.4", "last-state", "running", AGE);

            world.pass(10);

            assertThat(world.sim().flink().log()).isEmpty();
            assertThat(world.sim().cluster().started()).hasSize(1);
            world.sim().flink().checkpoints("tests", "job");
            world.converge();
            assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        }
    }

    @Nested
    class OtherVersion {
        private void apply(Stateful world, String keys) {
            world.sim()
                    .apply(Scenario.application("flink:2.4", 1, "running", "last-state", "{" + keys + "}")
                            .replace("v2_3", "v2_2"));
        }

        @Test
        @Tag("S128")
        void s128_a_running_job_gets_there_with_a_savepoint() {
            var world = Stateful.running("last-state", Ha.ON);
            apply(world, "state.savepoints.dir: 'file:/savepoints'");

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().flink().log()).hasSize(1).first().asString().startsWith("stop");
            world.lostNothing();
        }

        @Test
        @Tag("S129")
        void s129_without_a_directory_it_gets_there_by_cancelling() {
            var world = Stateful.running("last-state", Ha.ON);
            apply(world, "state.checkpoints.dir: 'file:/checkpoints'");

            world.converge();

            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.sim().flink().log()).hasSize(1).first().asString().startsWith("cancel");
            world.lostNothing();
        }

        @Test
        @Tag("S129")
        void s129_a_job_that_cannot_be_cancelled_is_waited_for() {
            var world = Stateful.running("last-state", Ha.ON);
            world.sim().flink().silent("tests", "job", true);
            apply(world, "state.checkpoints.dir: 'file:/checkpoints'");

            world.pass(10);

            assertThat(world.sim().cluster().started()).hasSize(1);
            assertThat(world.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("delete"));
        }
    }

    @Nested
    class Nonces {
        @ParameterizedTest
        @ValueSource(strings = {"RUNNING", "FAILED", "RESTARTING"})
        @Tag("S156")
        void s156_a_redeploy_throws_away_what_runs_and_starts_from_the_given_path_stable_at_once(String state) {
            var world = Stateful.running("savepoint", Ha.ON);
            world.sim().flink().storage().put("file:/savepoints/given", 40, 9);
            world.sim().flink().becomes("tests", "job", state);
            world.pass(3);

            world.apply(
                    "flink:2.4",
                    "last-state",
                    "running",
                    "",
                    "initialSavepointPath: 'file:/savepoints/given', savepointRedeployNonce: 1");
            world.passUntil(status -> status.path("reconciliationStatus")
                    .path("lastStableSpec")
                    .asText()
                    .contains("flink:2.4"));
            world.converge();

            assertThat(world.lastBegun().checkpointId()).isEqualTo(40);
            assertThat(world.lifecycle()).isEqualTo("STABLE");
        }

        @Test
        @Tag("S156")
        void s156_a_suspended_job_too() {
            var world = Stateful.running("savepoint", Ha.OFF);
            world.apply("flink:2.3", "savepoint", "suspended", "");
            world.converge();
            world.sim().flink().storage().put("file:/savepoints/given", 40, 9);

            world.apply(
                    "flink:2.3",
                    "savepoint",
                    "running",
                    "",
                    "initialSavepointPath: 'file:/savepoints/given', savepointRedeployNonce: 1");
            world.converge();

            assertThat(world.lastBegun().checkpointId()).isEqualTo(40);
        }

        @Test
        @Tag("S158")
        void s158_a_restart_nonce_restarts_by_the_upgrade_mode() {
            var world = Stateful.running("savepoint", Ha.OFF);
            world.sim()
                    .apply(Scenario.application(
                                    "flink:2.3",
                                    1,
                                    "running",
                                    "savepoint",
                                    "{state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints'}")
                            + "  restartNonce: 1\n");

            world.converge();

            assertThat(world.sim().cluster().started()).hasSize(2);
            assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
            world.lostNothing();
        }

        @Test
        @Tag("S090")
        void s090_edits_that_touch_nothing_start_nothing_and_count_at_the_next_launch() {
            var world = Stateful.running("savepoint", Ha.OFF);
            world.apply(
                    "flink:2.3", "savepoint", "running", "", "allowNonRestoredState: true, initialSavepointPath: x");
            world.converge();
            assertThat(world.sim().cluster().started()).hasSize(1);

            world.apply(
                    "flink:2.4", "savepoint", "running", "", "allowNonRestoredState: true, initialSavepointPath: x");
            world.converge();

            assertThat(world.sim()
                            .kubernetes()
                            .peek(DEPLOYMENT)
                            .orElseThrow()
                            .path("metadata")
                            .path("annotations")
                            .path("test/allow-non-restored-state")
                            .asText())
                    .isEqualTo("true");
            world.lostNothing();
        }
    }

    @Test
    void two_upgrades_before_the_first_checkpoint_start_as_empty_as_the_first_run() {
        var fresh = new Stateful(Scenario.start(Ha.ON));
        fresh.apply("flink:2.3", "last-state");
        fresh.converge();
        fresh.apply("flink:2.4", "last-state");
        fresh.converge();
        assertThat(fresh.recorded()).contains("flink:2.4");

        fresh.apply("flink:2.5", "last-state");
        fresh.converge();

        assertThat(fresh.lifecycle()).isEqualTo("STABLE");
        assertThat(fresh.recorded()).contains("flink:2.5");
        fresh.lostNothing();
    }

    @Test
    void state_that_a_stateless_upgrade_gave_up_does_not_come_back_with_the_second_upgrade_after_it() {
        var world = Stateful.running("last-state", Ha.ON);
        world.sim().flink().becomes("tests", "job", "FAILED");
        world.passUntil(status -> world.job().equals("FAILED"));
        world.apply("flink:2.4", "stateless");
        world.converge();
        world.apply("flink:2.5", "last-state");
        world.converge();

        world.apply("flink:2.6", "last-state");
        world.converge();

        assertThat(world.recorded()).contains("flink:2.6");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(-1);
    }
}
