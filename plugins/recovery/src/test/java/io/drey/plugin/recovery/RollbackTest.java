package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.Event;
import io.drey.testkit.FakeFlink;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades that do not get well are rolled back, with state (behaviour 3, F9). */
class RollbackTest {
    static final String ROLLBACK = "kubernetes.operator.deployment.rollback.enabled: 'true'";

    private static final Duration READINESS = Duration.ofMinutes(5);

    private static World upgraded(String mode, String image) {
        var world = World.running(mode, World.HA, ROLLBACK);
        world.apply(image, mode, ROLLBACK);
        world.passUntil(status -> world.image().equals(image));
        return world;
    }

    private static void rolledBack(World world) {
        assertThat(world.lifecycle()).as("%s", world.status()).isEqualTo("ROLLED_BACK");
        assertThat(world.reconciliation()).isEqualTo("ROLLED_BACK");
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.image()).isEqualTo("flink:2.3");
        assertThat(world.stable()).contains("flink:2.3");
        world.lostNothing("rolled back");
    }

    @ParameterizedTest
    @CsvSource({
        "last-state, flink:unpullable",
        "last-state, flink:crashing",
        "last-state, flink:incompatible",
        "last-state, flink:missing",
        "savepoint, flink:unpullable",
        "savepoint, flink:crashing",
        "savepoint, flink:incompatible",
        "savepoint, flink:missing"
    })
    @Tag("S200")
    @Tag("S202")
    void s200_s202_a_broken_upgrade_is_rolled_back_when_its_time_is_over_with_its_state(String mode, String image) {
        var world = upgraded(mode, image);

        world.pass(20);
        assertThat(world.image()).isEqualTo(image);
        world.later(READINESS);
        world.converge();

        rolledBack(world);
        assertThat(world.recorded()).contains(image);
        assertThat(world.events("Rollback")).hasSize(1);
        assertThat(world.events("RevisionRejected")).hasSize(1);
        assertThat(world.events("RevisionRejected").getFirst().message())
                .startsWith("Generation 2 was not stable within 300 s");
        assertThat(world.condition("Ready")).contains("runs the last stable spec");
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isPositive();
    }

    @Test
    void a_rejection_names_the_task_manager_that_did_not_start() {
        var world = upgraded("last-state", "flink:incompatible");
        world.pass(4);
        world.sim().kubernetes().put((ObjectNode) Simulation.parse("""
                apiVersion: v1
                kind: Pod
                metadata:
                  namespace: tests
                  name: job-taskmanager-1-1
                  labels: {app: job, component: taskmanager, type: flink-native-kubernetes}
                status:
                  containerStatuses: [{name: sidecar, state: {waiting: {reason: ErrImagePull, message: no image}}}]
                """));
        world.later(READINESS);
        world.converge();

        rolledBack(world);
        assertThat(world.events("RevisionRejected").getFirst().message())
                .contains("TaskManager pod job-taskmanager-1-1, container sidecar: ErrImagePull: no image");
    }

    @Test
    void kubectl_describe_tells_the_story_from_top_to_bottom() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();

        assertThat(world.sim().kubernetes().events())
                .extracting(Event::reason)
                .containsExactly(
                        "Submit",
                        "JobStatusChanged",
                        "SpecChanged",
                        "Suspended",
                        "Submit",
                        "ImagePullBackOff",
                        "RevisionRejected",
                        "Rollback",
                        "Submit",
                        "JobStatusChanged");
        assertThat(world.events("RevisionRejected").getFirst().message())
                .contains("ImagePullBackOff")
                .contains("not tried again until the spec changes");
        assertThat(world.condition("Ready")).contains("Back-off pulling image flink:unpullable");
        assertThat(world.error()).contains("ImagePullBackOff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"last-state", "savepoint"})
    void a_main_that_fails_is_rolled_back_at_once_though_flink_has_removed_the_metadata(String mode) {
        var world = upgraded(mode, "flink:failing");

        world.converge();

        rolledBack(world);
        assertThat(world.events("RevisionRejected").getFirst().message()).contains("failed");
        assertThat(world.error()).contains("main failed");
    }

    @Test
    @Tag("S201")
    @Tag("S204d")
    void s201_s204d_a_stateless_one_starts_empty() {
        var world = World.running("stateless", World.HA, ROLLBACK);
        world.sim().flink().savepoint("tests", "job", "file:/savepoints/by-hand");
        world.pass(4);
        world.apply("flink:unpullable", "stateless", ROLLBACK);
        world.passUntil(status -> world.image().equals("flink:unpullable"));

        world.later(READINESS);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("ROLLED_BACK");
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isEqualTo(-1);
    }

    @Test
    @Tag("S203")
    void s203_without_proof_of_its_state_nothing_is_replaced() {
        var world = upgraded("savepoint", "flink:2.4");
        world.pass(5);
        world.sim().flink().becomes("tests", "job", "RESTARTING");
        world.pass(3);
        world.loseMetadata();
        world.sim().flink().loses("tests", "job");

        world.later(READINESS);
        world.pass(20);

        assertThat(world.image()).isEqualTo("flink:2.4");
        assertThat(world.events("Rollback")).isEmpty();
        assertThat(world.condition("Reconciling")).contains("it can be rolled back");
    }

    @Test
    @Tag("S204")
    void s204_after_a_rollback_a_lost_job_manager_is_made_again_from_the_stable_spec() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();
        world.checkpointed();
        world.deleteJobManager();

        world.converge();

        rolledBack(world);
        assertThat(world.events("RecoverDeployment")).hasSize(1);
    }

    @Test
    @Tag("S204")
    void s204_metadata_that_is_lost_in_the_middle_is_told_and_nothing_starts() {
        var world = upgraded("last-state", "flink:unpullable");
        world.pass(4);
        world.sim().clock().advance(READINESS);
        world.passUntil(
                status -> status.path("operation").path("cause").asText().equals("ROLLBACK"));
        int launches = world.launches();
        world.passUntil(status -> world.reconciliation().equals("ROLLING_BACK"));
        world.loseMetadata();

        world.pass(10);

        assertThat(world.reconciliation()).isEqualTo("ROLLING_BACK");
        assertThat(world.launches()).isEqualTo(launches);
        assertThat(world.error()).contains("HA metadata is not available");
    }

    @Test
    @Tag("S204b")
    void s204b_a_rollback_goes_on_when_the_spec_becomes_invalid() {
        var world = upgraded("last-state", "flink:unpullable");
        world.pass(4);
        world.sim().clock().advance(READINESS);
        world.passUntil(status -> world.reconciliation().equals("ROLLING_BACK"));
        world.apply("flink:unpullable", "last-state", ROLLBACK + "\ntest.refused: 'true'");

        world.converge();

        rolledBack(world);
    }

    @Test
    @Tag("S204c")
    void s204c_the_switch_is_read_from_the_spec_as_it_is() {
        var world = World.running("last-state", World.HA, "");
        world.apply("flink:unpullable", "last-state", "");
        world.passUntil(status -> world.image().equals("flink:unpullable"));
        world.later(READINESS);
        assertThat(world.image()).isEqualTo("flink:unpullable");
        world.apply("flink:unpullable", "last-state", ROLLBACK);

        world.converge();

        rolledBack(world);
    }

    @Test
    @Tag("S205")
    void s205_a_session_cluster_is_rolled_back() {
        var world = World.empty(World.HA);
        world.apply("flink:2.3", "session", ROLLBACK);
        world.converge();
        world.apply("flink:unpullable", "session", ROLLBACK);
        world.passUntil(status -> world.image().equals("flink:unpullable"));

        world.later(READINESS);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("ROLLED_BACK");
        assertThat(world.image()).isEqualTo("flink:2.3");
        assertThat(world.manager()).isEqualTo("READY");
    }

    @Test
    @Tag("S206")
    void s206_the_stable_spec_again_is_taken_as_it_runs() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();
        int launches = world.launches();
        world.apply("flink:2.3", "last-state", ROLLBACK);

        world.converge();
        world.later(Duration.ofMinutes(2));

        assertThat(world.launches()).isEqualTo(launches);
        assertThat(world.reconciliation()).isEqualTo("DEPLOYED");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().has("error")).isFalse();
    }

    @Test
    @Tag("S207")
    void s207_a_mended_spec_is_a_normal_upgrade() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();
        assertThat(world.recorded()).contains("\"upgradeMode\":\"last-state\"");
        world.checkpointed();
        world.apply("flink:2.4", "last-state", ROLLBACK);

        world.converge();
        world.later(Duration.ofMinutes(2));

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.image()).isEqualTo("flink:2.4");
        assertThat(world.stable()).contains("flink:2.4");
        world.lostNothing("mended");
    }

    @Test
    @Tag("S208")
    void s208_what_was_rolled_back_can_be_suspended_and_resumed() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();
        world.checkpointed();
        world.apply("flink:2.4", "last-state", ROLLBACK, "suspended");
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("SUSPENDED");

        world.apply("flink:2.4", "last-state", ROLLBACK);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing("resumed");
    }

    @Test
    @Tag("S210")
    void s210_an_edit_in_the_middle_of_a_rollback_is_carried_out_in_its_place() {
        var world = upgraded("last-state", "flink:unpullable");
        world.pass(4);
        world.sim().clock().advance(READINESS);
        world.passUntil(status -> world.reconciliation().equals("ROLLING_BACK"));
        world.apply("flink:2.4", "last-state", ROLLBACK);

        world.converge();
        world.later(Duration.ofMinutes(2));

        assertThat(world.image()).isEqualTo("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing("edited");
    }

    @Test
    @Tag("S211")
    void s211_a_first_deployment_has_nothing_to_go_back_to() {
        var world = World.empty(World.HA);
        world.apply("flink:unpullable", "last-state", ROLLBACK);

        world.later(READINESS);
        world.pass(10);

        assertThat(world.image()).isEqualTo("flink:unpullable");
        assertThat(world.manager()).isEqualTo("ERROR");
        assertThat(world.events("ImagePullBackOff")).hasSize(1);
    }

    private static void leftAsItIs(World world) {
        int launches = world.launches();
        world.pass(4);
        world.later(READINESS);
        world.later(READINESS);

        assertThat(world.launches()).isEqualTo(launches);
        assertThat(world.image()).isEqualTo("flink:unpullable");
        assertThat(world.events("Rollback")).isEmpty();
        assertThat(world.status().has("operation")).isFalse();
    }

    @Test
    @Tag("S211")
    void s211_a_spec_that_was_suspended_when_it_was_stable_is_not_gone_back_to() {
        var world = World.running("last-state", World.HA, ROLLBACK);
        world.apply("flink:2.3", "last-state", ROLLBACK, "suspended");
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("SUSPENDED");
        world.apply("flink:unpullable", "last-state", ROLLBACK);
        world.passUntil(status -> world.image().equals("flink:unpullable"));

        leftAsItIs(world);
    }

    @Test
    @Tag("S211")
    void s211_another_flink_version_is_not_gone_back_from() {
        var world = World.running("last-state", World.HA, ROLLBACK);
        world.edit(spec -> spec.put("flinkVersion", "v2_2").put("image", "flink:unpullable"));
        world.passUntil(status -> world.image().equals("flink:unpullable"));

        leftAsItIs(world);
    }

    @ParameterizedTest
    @CsvSource({"savepoint, last-state", "last-state, savepoint", "stateless, last-state", "last-state, stateless"})
    @Tag("S209")
    void s209_the_recorded_upgrade_mode_is_the_one_that_the_rollback_used(String stable, String rejected) {
        var world = World.running(stable, World.HA, ROLLBACK);
        world.apply("flink:unpullable", rejected, ROLLBACK);
        world.passUntil(status -> world.image().equals("flink:unpullable"));

        world.later(READINESS);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("ROLLED_BACK");
        assertThat(world.recorded()).contains("\"upgradeMode\":\"" + rejected + "\"");
        var restored = world.sim().flink().begun().getLast().checkpointId();
        assertThat(restored > 0).as("checkpoint %s", restored).isEqualTo(!rejected.equals("stateless"));
    }

    @Test
    void a_job_that_runs_for_a_moment_only_is_rolled_back_too() {
        var world = upgraded("last-state", "flink:2.4");
        world.passUntil(status -> world.job().equals("RUNNING"));
        world.pass(5);
        assertThat(world.stable()).contains("flink:2.3");
        for (int i = 0; i < 6; i++) {
            world.sim().flink().becomes("tests", "job", "RESTARTING");
            world.pass(3);
            world.sim().flink().becomes("tests", "job", "RUNNING");
            world.sim().clock().advance(Duration.ofSeconds(40));
            world.pass(3);
        }
        assertThat(world.image()).isEqualTo("flink:2.4");
        world.sim().clock().advance(Duration.ofSeconds(20));
        world.sim().flink().becomes("tests", "job", "RESTARTING");

        world.converge();

        rolledBack(world);
    }

    @Test
    @Tag("S212")
    void s212_a_job_that_ran_long_enough_is_stable_and_not_rolled_back_when_it_fails_later() {
        var world = upgraded("last-state", "flink:2.4");
        world.later(Duration.ofMinutes(1));
        assertThat(world.stable()).contains("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.sim().flink().becomes("tests", "job", "RESTARTING");

        world.later(READINESS);

        assertThat(world.image()).isEqualTo("flink:2.4");
        assertThat(world.events("Rollback")).isEmpty();
    }

    /** Flink calls a job RUNNING as soon as it has asked for slots. */
    @Test
    void a_job_whose_tasks_never_run_is_not_stable_and_rolled_back() {
        var world = upgraded("last-state", "flink:unfit");
        world.later(Duration.ofMinutes(2));
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.stable()).contains("flink:2.3");

        world.later(READINESS);
        world.converge();

        rolledBack(world);
        assertThat(world.events("RevisionRejected").getFirst().message()).contains("was not stable within 300 s");
    }

    @Test
    void a_job_is_stable_some_time_after_its_tasks_began_to_run() {
        var world = upgraded("last-state", "flink:unfit");
        world.later(Duration.ofMinutes(2));
        world.sim().flink().waitsForSlots("tests", "job", false);
        world.pass(2);
        assertThat(world.stable()).contains("flink:2.3");

        world.later(Duration.ofSeconds(30));
        assertThat(world.stable()).contains("flink:2.3");
        world.later(Duration.ofSeconds(30));

        assertThat(world.stable()).contains("flink:unfit");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    @Test
    void without_rollback_a_job_that_runs_is_stable_at_once() {
        var world = World.running("last-state", World.HA, "");
        world.apply("flink:2.4", "last-state", "");
        world.converge();

        assertThat(world.stable()).contains("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    @Test
    void a_rejected_revision_is_not_tried_again_until_something_of_it_changes() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();
        world.apply("flink:2.3", "last-state", ROLLBACK);
        world.converge();
        int launches = world.launches();

        world.apply("flink:unpullable", "savepoint", ROLLBACK);
        world.pass(20);

        assertThat(world.launches()).isEqualTo(launches);
        assertThat(world.image()).isEqualTo("flink:2.3");
        assertThat(world.condition("Reconciling")).contains("rolled back at").contains("restartNonce");

        world.apply("flink:unpullable", "last-state", ROLLBACK + "\nnew.key: 'true'");
        world.passUntil(status -> world.image().equals("flink:unpullable"));
    }

    private static String scaled(int parallelism) {
        return ROLLBACK + "\njobmanager.scheduler: adaptive\npipeline.jobvertex-parallelism-overrides: '"
                + FakeFlink.VERTICES.getFirst() + ":" + parallelism + "'";
    }

    @Test
    @Tag("S159")
    void a_job_that_was_rolled_back_is_rescaled_in_place_but_not_to_what_was_rejected() {
        var world = World.running("last-state", World.HA, scaled(2));
        world.sim().flink().refusesToRescale(400);
        world.apply("flink:2.3", "last-state", scaled(4));
        world.passUntil(status -> world.launches() == 2 && !status.has("operation"));
        world.sim().flink().becomes("tests", "job", "RESTARTING");
        world.later(READINESS);
        world.converge();
        rolledBack(world);
        int launches = world.launches();
        world.sim().flink().refusesToRescale(0);

        world.apply("flink:2.3", "last-state", scaled(2));
        world.converge();
        world.apply("flink:2.3", "last-state", scaled(4));
        world.pass(20);
        assertThat(world.condition("Reconciling")).contains("rolled back at");
        assertThat(world.sim().flink().rescales()).isZero();

        world.apply("flink:2.3", "last-state", scaled(3));
        world.converge();
        world.later(Duration.ofMinutes(2));
        world.converge();
        assertThat(world.sim().flink().rescales()).isOne();
        assertThat(world.launches()).isEqualTo(launches);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains(":3");
    }

    @Test
    void a_keys_of_the_operator_does_not_make_a_rejected_revision_another_one() {
        var world = upgraded("last-state", "flink:unpullable");
        world.later(READINESS);
        world.converge();
        int launches = world.launches();

        world.apply(
                "flink:unpullable", "last-state", ROLLBACK + "\nkubernetes.operator.savepoint.history.max.count: '3'");
        world.pass(20);

        assertThat(world.launches()).isEqualTo(launches);
        rolledBack(world);
        assertThat(world.events("SpecChanged")).hasSize(1);
        assertThat(world.status().path("observedGeneration").asLong()).isEqualTo(3);
    }

    @Test
    void a7_a_rollback_that_another_operator_had_begun_is_gone_on_with() {
        var world = upgraded("last-state", "flink:unpullable");
        world.pass(4);
        world.sim().clock().advance(READINESS);
        world.passUntil(status -> world.reconciliation().equals("ROLLING_BACK"));
        var resource =
                (ObjectNode) world.sim().kubernetes().peek(World.RESOURCE).orElseThrow();
        resource.withObject("/status").remove("operation");
        world.sim().kubernetes().put(resource);

        world.converge();

        rolledBack(world);
    }

    @Test
    void the_stable_spec_is_launched_with_its_own_configuration_and_keys_that_the_rejected_one_removed_are_back() {
        var platform = new HashMap<>(World.HA);
        platform.put("parallelism.default", "1");
        var world = World.running("last-state", Map.copyOf(platform), ROLLBACK + "\nkept.key: 'true'");
        world.apply("flink:unpullable", "last-state", ROLLBACK);
        world.passUntil(status -> world.image().equals("flink:unpullable"));
        world.later(READINESS);
        world.converge();

        rolledBack(world);
        assertThat(world.stable()).contains("kept.key");
    }
}
