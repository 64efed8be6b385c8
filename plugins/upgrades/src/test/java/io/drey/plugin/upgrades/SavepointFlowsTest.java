package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.FakeFlink.Savepoints;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Upgrades and suspends with a savepoint: whatever happens on the way, the job starts from it or goes on as it was. */
class SavepointFlowsTest {
    private final Stateful world = Stateful.running("savepoint", Ha.OFF);

    @ParameterizedTest
    @EnumSource(Ha.class)
    @Tag("S110")
    @Tag("S187")
    void f2_s110_the_savepoint_is_recorded_before_anything_goes_and_the_next_job_starts_from_it(Ha ha) {
        var upgraded = Stateful.running("savepoint", ha);
        var first = upgraded.jobId();
        upgraded.apply("flink:2.4", "savepoint");

        upgraded.passUntil(status -> status.path("operation").path("results").has("savepoint"));

        var saved = upgraded.status();
        var path = saved.path("operation").path("results").path("savepoint").asText();
        assertThat(upgraded.sim().flink().storage().get(path)).isPresent();
        assertThat(saved.path("operation").path("results").path("checkpointId").asText())
                .isEqualTo("2");
        assertThat(saved.path("operation").path("results").path("savedAt").asText())
                .startsWith("2026-01-01T");
        assertThat(saved.path("jobStatus").path("upgradeSavepointPath").asText())
                .isEqualTo(path);
        assertThat(saved.path("jobStatus").path("state").asText()).isEqualTo("FINISHED");
        assertThat(upgraded.reconciliation()).isEqualTo("UPGRADING");
        assertThat(upgraded.recorded()).contains("flink:2.4").contains("\"state\":\"suspended\"");
        assertThat(upgraded.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("delete"));

        upgraded.converge();

        assertThat(upgraded.lifecycle()).isEqualTo("STABLE");
        assertThat(upgraded.jobId()).isNotEqualTo(first);
        assertThat(upgraded.lastBegun().checkpointId()).isEqualTo(2);
        assertThat(upgraded.recorded()).contains("\"upgradeMode\":\"savepoint\"");
        assertThat(upgraded.sim().flink().log()).containsExactly("stop " + first + " CANONICAL");
        upgraded.lostNothing();
    }

    @Test
    void f2_the_reconciliation_is_untouched_while_the_savepoint_is_under_way() {
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", "savepoint");

        world.pass(6);

        assertThat(world.reconciliation()).isEqualTo("DEPLOYED");
        assertThat(world.recorded()).contains("flink:2.3");
        assertThat(world.status().path("operation").path("phase").asText()).isEqualTo("STOPPING");
        assertThat(world.sim().flink().log()).hasSize(1);
    }

    @Test
    @Tag("S133")
    @Tag("S134")
    void f6_s133_s134_a_suspend_keeps_the_path_and_a_resume_takes_it_whatever_mode_it_asks_for() {
        world.apply("flink:2.3", "savepoint", "suspended", "");
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("SUSPENDED");
        var path = world.status().path("jobStatus").path("upgradeSavepointPath").asText();
        assertThat(world.sim().flink().storage().get(path)).isPresent();
        assertThat(world.status().path("reconciliationStatus").path("lastStableSpec"))
                .isEqualTo(world.status().path("reconciliationStatus").path("lastReconciledSpec"));

        world.apply("flink:2.3", "last-state");
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        world.lostNothing();
    }

    @Test
    @Tag("S140")
    void s140_a_savepoint_that_fails_leaves_the_job_alone_and_is_tried_again_under_another_id() {
        world.sim().flink().savepoints(Savepoints.FAILING);
        world.apply("flink:2.4", "savepoint");

        world.passUntil(status -> status.path("error").asText().contains("no space"));

        assertThat(world.status().has("operation")).isFalse();
        assertThat(world.reconciliation()).isEqualTo("DEPLOYED");
        assertThat(world.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("delete"));
        assertThat(world.reasons()).contains("SavepointError");

        world.sim().flink().savepoints(Savepoints.GOOD);
        world.sim().clock().advance(Duration.ofSeconds(10));
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.4");
        world.lostNothing();
    }

    @Test
    @Tag("S140")
    void s140_a_savepoint_that_never_ends_is_given_up_and_says_which_key_gives_it_longer() {
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", "savepoint");
        world.pass(5);

        world.sim().clock().advance(Duration.ofMinutes(12));
        world.passUntil(status -> status.has("error"));

        assertThat(world.status().path("error").asText())
                .contains("SavepointError")
                .contains("execution.checkpointing.timeout");
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.sim().cluster().started()).hasSize(1);
    }

    @Test
    @Tag("S141")
    void s141_a_savepoint_that_was_written_although_the_job_did_not_end_is_used() {
        world.sim().flink().savepoints(Savepoints.WRITTEN_BUT_JOB_GOES_ON);
        world.apply("flink:2.4", "savepoint");

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
    }

    @Test
    @Tag("S141")
    void s141_a_job_that_completes_a_checkpoint_before_the_savepoint_is_known_is_stopped_once_more() {
        world.sim().flink().savepoints(Savepoints.WRITTEN_BUT_JOB_GOES_ON);
        world.apply("flink:2.4", "savepoint");
        world.passUntil(status -> status.at("/operation/phase").asText().equals("STOPPING"));
        world.sim().flink().loses(() -> true);
        world.pass(3);
        world.sim().flink().progresses("tests", "job");
        world.sim().flink().checkpoints("tests", "job");
        world.sim().flink().loses(() -> false);
        world.sim().flink().savepoints(Savepoints.GOOD);

        world.passUntil(status -> !status.has("operation"));
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.condition("Reconciling")).contains("went on after its savepoint");
        world.sim().clock().advance(Duration.ofMinutes(1));
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(4);
    }

    @Test
    @Tag("S142")
    @Tag("S146")
    void s142_s146_drain_and_format_are_asked_for_as_configured() {
        world.apply(
                "flink:2.4",
                "savepoint",
                "running",
                "kubernetes.operator.job.drain-on-savepoint-deletion: 'true', kubernetes.operator.savepoint.format.type: NATIVE");

        world.converge();

        assertThat(world.sim().flink().log()).first().asString().endsWith(" NATIVE drain");
    }

    @Test
    void c6_an_answer_that_is_lost_is_asked_for_again_and_stops_the_job_once() {
        int[] lost = {3};
        world.sim().flink().loses(() -> lost[0]-- > 0);
        world.apply("flink:2.4", "savepoint");

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().flink().log()).hasSize(1);
        world.lostNothing();
    }

    @Test
    void c6_a_job_manager_that_dies_before_the_savepoint_is_asked_again_when_the_job_is_back() {
        var upgraded = Stateful.running("savepoint", Ha.ON);
        upgraded.sim().flink().savepoints(Savepoints.HANGING);
        upgraded.apply("flink:2.4", "savepoint");
        upgraded.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));

        upgraded.sim().flink().crash("tests", "job");
        upgraded.sim().flink().savepoints(Savepoints.GOOD);
        upgraded.converge();

        assertThat(upgraded.lifecycle()).isEqualTo("STABLE");
        assertThat(upgraded.sim().flink().log()).hasSize(2);
        upgraded.lostNothing();
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    void c6_a_path_that_was_lost_with_its_job_manager_is_looked_for_by_the_user_and_nothing_older_is_used(Ha ha) {
        var upgraded = Stateful.running("savepoint", ha);
        upgraded.apply("flink:2.4", "savepoint");
        upgraded.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));
        upgraded.sim().flink().crash("tests", "job");

        upgraded.pass(20);

        assertThat(upgraded.sim().cluster().started()).hasSize(1);
        assertThat(upgraded.condition("Stalled"))
                .contains("file:/savepoints")
                .contains("2026-01-01T")
                .contains("savepointRedeployNonce");
        upgraded.apply(
                "flink:2.4",
                "savepoint",
                "running",
                "",
                "initialSavepointPath: " + upgraded.newestSavepoint() + ", savepointRedeployNonce: 1");
        upgraded.converge();

        assertThat(upgraded.lifecycle()).isEqualTo("STABLE");
        assertThat(upgraded.lastBegun().checkpointId()).isEqualTo(2);
    }

    @Test
    @Tag("S119")
    void s119_a_job_that_finishes_by_itself_during_the_stop_is_started_from_its_newest_snapshot() {
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", "savepoint");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));

        world.sim().flink().becomes("tests", "job", "FINISHED");
        world.sim().flink().savepoints(Savepoints.FAILING);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        world.lostNothing();
    }

    @Test
    void a_missing_savepoint_directory_is_refused_with_the_key_and_the_job_goes_on() {
        world.sim()
                .apply(Scenario.application(
                        "flink:2.4", 1, "running", "savepoint", "{state.checkpoints.dir: 'file:/checkpoints'}"));

        world.converge();

        assertThat(world.condition("Stalled")).contains("state.savepoints.dir");
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.sim().flink().log()).isEmpty();
    }

    @Test
    void f5_an_edit_in_mid_savepoint_takes_the_savepoint_over_and_launches_the_newest_spec_once() {
        world.apply("flink:2.4", "savepoint");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));

        world.apply("flink:2.5", "savepoint");
        world.converge();

        assertThat(world.sim().flink().log()).hasSize(1);
        assertThat(world.sim().cluster().started()).hasSize(2);
        assertThat(world.recorded()).contains("flink:2.5");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
    }

    @Test
    void f5_an_edit_to_stateless_in_mid_savepoint_starts_empty() {
        world.apply("flink:2.4", "savepoint");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));

        world.apply("flink:2.4", "stateless");
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(-1);
        assertThat(world.recorded()).contains("\"upgradeMode\":\"stateless\"");
    }

    @Test
    @Tag("S180")
    void f14_s180_deletion_with_a_savepoint_has_its_path_in_the_status_before_anything_goes() {
        world.apply("flink:2.3", "savepoint", "running", "kubernetes.operator.job.savepoint-on-deletion: 'true'");
        world.converge();
        world.sim().delete(REF);

        world.passUntil(status -> status.path("operation").path("results").has("savepoint"));

        var path = world.status().path("jobStatus").path("upgradeSavepointPath").asText();
        assertThat(world.sim().flink().storage().get(path)).isPresent();
        assertThat(world.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("delete"));
        world.converge();
        assertThat(world.sim().exists(REF)).isFalse();
    }

    @Test
    @Tag("S182")
    void f14_s182_deletion_waits_for_a_job_that_no_savepoint_can_be_taken_of_until_the_option_is_off() {
        world.apply("flink:2.3", "savepoint", "running", "kubernetes.operator.job.savepoint-on-deletion: 'true'");
        world.converge();
        world.sim().flink().becomes("tests", "job", "FAILING");
        world.sim().delete(REF);

        world.pass(10);

        assertThat(world.sim().exists(REF)).isTrue();
        assertThat(world.reasons()).contains("CleanupFailed");
        assertThat(world.condition("Reconciling")).contains("FAILING").contains("savepoint-on-deletion");
        world.apply("flink:2.3", "savepoint");
        world.converge();
        assertThat(world.sim().exists(REF)).isFalse();
    }

    @Test
    void f14_a_deletion_takes_over_the_stop_of_an_upgrade() {
        world.apply("flink:2.4", "savepoint");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));

        world.sim().delete(REF);
        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().flink().log()).hasSize(1);
        assertThat(world.sim().kubernetes().peek(new ObjectKey("apps/v1", "Deployment", "tests", "job")))
                .isEmpty();
    }

    @Test
    void a_job_that_is_recorded_as_ended_continues_from_there_when_its_JobManager_is_lost_in_the_middle_of_the_stop() {
        var cancelled = Stateful.running("last-state", Ha.OFF);
        cancelled.apply("flink:2.4", "last-state");
        cancelled.passUntil(status -> cancelled.job().equals("CANCELLING"));
        cancelled.apply("flink:2.5", "last-state");
        cancelled.pass();
        assertThat(cancelled.job()).isEqualTo("CANCELED");
        assertThat(cancelled.status().at("/operation/results").has("savepoint")).isFalse();
        cancelled.sim().kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "job"));
        cancelled.sim().cluster().settle();

        cancelled.converge();

        assertThat(cancelled.lifecycle()).isEqualTo("STABLE");
        assertThat(cancelled.sim().cluster().started()).hasSize(2);
        cancelled.lostNothing();
    }
}
