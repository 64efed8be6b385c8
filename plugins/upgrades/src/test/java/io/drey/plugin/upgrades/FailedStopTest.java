package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.FakeFlink.Savepoints;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops with a savepoint that fail, and restart the tasks of the job: it stays the job that it was. */
class FailedStopTest {
    private static final ObjectKey KEY = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
    private static final String ON_DELETION = "kubernetes.operator.job.savepoint-on-deletion: 'true'";

    private static Stateful failing(Ha ha) {
        var world = Stateful.running("savepoint", ha);
        world.sim().flink().savepoints(Savepoints.FAILING_WITH_RESTART);
        world.apply("flink:2.4", "savepoint");
        return world;
    }

    private static long asked(Stateful world) {
        return world.sim().flink().log().stream()
                .filter(entry -> entry.startsWith("stop"))
                .count();
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    @Tag("S140")
    void a_stop_that_fails_is_tried_a_few_times_and_the_job_stays_the_one_it_was(Ha ha) {
        var world = failing(ha);
        var before = world.jobId();

        world.pass(65);

        assertThat(asked(world)).isBetween(2L, 4L);
        assertThat(world.sim().flink().log()).noneMatch(entry -> entry.startsWith("cancel"));
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.jobId()).isEqualTo(before);
        assertThat(world.status().path("error").asText()).contains("Not supported yet");
        assertThat(world.condition("Reconciling")).contains("Not supported yet");
        assertThat(world.reasons().stream().filter("SavepointError"::equals)).hasSize((int) asked(world));
        assertThat(world.status()
                        .path("plugins")
                        .path("upgrades")
                        .path("failedStop")
                        .path("attempts")
                        .asLong())
                .isEqualTo(asked(world));
    }

    @Test
    void the_pause_doubles_up_to_ten_minutes() {
        var world = failing(Ha.OFF);

        world.pass(600);
        var tenMinutes = asked(world);
        world.sim().clock().advance(Duration.ofMinutes(30));
        world.pass(600);

        assertThat(tenMinutes).isBetween(5L, 6L);
        assertThat(asked(world)).isBetween(tenMinutes + 1, tenMinutes + 2);
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    void another_edit_is_tried_as_soon_as_all_tasks_run_again_and_takes_the_state_with_it(Ha ha) {
        var world = failing(ha);
        world.passUntil(status -> status.path("error").asText().contains("Not supported yet"));
        world.sim().flink().savepoints(Savepoints.GOOD);

        world.apply("flink:2.4", "savepoint", "running", "kubernetes.operator.savepoint.format.type: NATIVE");
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.sim().flink().log()).noneMatch(entry -> entry.startsWith("cancel"));
        assertThat(world.sim().flink().log().getLast()).endsWith("NATIVE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        assertThat(world.status().path("plugins").path("upgrades").has("failedStop"))
                .isFalse();
        world.lostNothing();
    }

    @Test
    void the_next_attempt_after_the_pause_succeeds_without_an_edit() {
        var world = failing(Ha.ON);
        world.passUntil(status -> status.path("error").asText().contains("Not supported yet"));

        world.sim().flink().savepoints(Savepoints.GOOD);
        world.pass(25);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().has("error")).isFalse();
        world.lostNothing();
    }

    @Test
    void an_edit_that_is_taken_back_is_nothing_to_wait_for() {
        var world = failing(Ha.OFF);
        world.passUntil(status -> status.path("error").asText().contains("Not supported yet"));

        world.apply("flink:2.3", "savepoint");
        world.pass(6);

        assertThat(world.condition("Ready")).isNotEmpty();
        assertThat(world.sim().cluster().started()).hasSize(1);
    }

    @Test
    void between_attempts_a_deletion_goes_on_at_once() {
        var world = failing(Ha.OFF);
        world.passUntil(status -> status.path("error").asText().contains("Not supported yet"));

        world.sim().delete(REF);
        world.pass(6);

        assertThat(world.sim().exists(REF)).isFalse();
    }

    @Test
    void a_job_that_does_not_come_back_from_a_failed_stop_is_not_waited_for_for_ever() {
        var world = failing(Ha.ON);
        world.passUntil(status -> status.path("error").asText().contains("Not supported yet"));
        world.sim().flink().becomes("tests", "job", "RESTARTING");
        world.sim().flink().stuck("tests", "job");

        world.pass(20);
        assertThat(world.sim().cluster().started()).hasSize(1);

        world.sim().clock().advance(Duration.ofMinutes(6));
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.sim().cluster().started()).hasSize(2);
        world.lostNothing();
    }

    @Test
    void a_savepoint_is_not_asked_for_while_a_task_waits_for_a_slot() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim().flink().waitsForSlots("tests", "job", true);
        world.apply("flink:2.4", "savepoint");

        world.pass(20);

        assertThat(asked(world)).isZero();
        assertThat(world.condition("Reconciling"))
                .contains("all tasks of the job run")
                .contains("1 waiting for a slot");
        assertThat(world.sim().cluster().started()).hasSize(1);

        world.sim().flink().waitsForSlots("tests", "job", false);
        world.pass(15);

        assertThat(world.recorded()).contains("flink:2.4");
        world.lostNothing();
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    void a_job_that_waits_for_a_slot_for_long_is_upgraded_from_its_last_checkpoint(Ha ha) {
        var world = Stateful.running("savepoint", ha);
        world.sim().flink().waitsForSlots("tests", "job", true);
        world.apply("flink:2.4", "savepoint");
        world.pass(5);

        world.sim().clock().advance(Duration.ofMinutes(6));
        world.pass(15);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        world.lostNothing();
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    void a_launch_that_never_ran_all_its_tasks_is_replaced_from_what_it_restored(Ha ha) {
        var world = Stateful.running("savepoint", ha);
        world.apply("flink:unfit", "savepoint");
        world.pass(15);
        assertThat(world.sim().cluster().started()).hasSize(2);
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);

        world.apply("flink:2.4", "savepoint");
        world.pass(15);

        assertThat(asked(world)).isEqualTo(1);
        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing();
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    void a_first_launch_that_never_ran_all_its_tasks_is_replaced(Ha ha) {
        var world = new Stateful(Scenario.start(ha));
        world.apply("flink:unfit", "savepoint");
        world.pass(10);

        world.apply("flink:2.4", "savepoint");
        world.pass(15);

        assertThat(asked(world)).isZero();
        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.sim().cluster().started()).hasSize(2);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    @Test
    void a_launch_that_never_ran_all_its_tasks_is_deleted_without_a_savepoint() {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.apply("flink:unfit", "savepoint", "running", ON_DELETION);
        world.pass(10);

        world.sim().delete(REF);
        world.pass(10);

        assertThat(asked(world)).isZero();
        assertThat(world.sim().flink().log())
                .as("cancelling it could delete what it restored")
                .noneMatch(entry -> entry.startsWith("cancel"));
        assertThat(world.reasons()).contains("NothingToSave");
        assertThat(world.sim().exists(REF)).isFalse();
    }

    @Test
    void a_job_of_which_no_record_is_there_may_have_worked() {
        var world = Stateful.running("savepoint", Ha.ON);
        world.apply("flink:2.3", "savepoint", "running", ON_DELETION);
        world.converge();
        var resource = (ObjectNode) world.sim().kubernetes().peek(KEY).orElseThrow();
        ((ObjectNode) resource.at("/status/plugins/upgrades")).remove("launched");
        world.sim().kubernetes().put(resource);
        world.sim().flink().crash("tests", "job");
        world.sim().flink().waitsForSlots("tests", "job", true);

        world.sim().delete(REF);
        world.pass(10);

        assertThat(world.sim().exists(REF)).isTrue();
        assertThat(world.sim().flink().log()).isEmpty();
        assertThat(world.condition("Reconciling")).contains("savepoint-on-deletion");
    }

    @Test
    void a_wait_for_slots_is_over_when_all_tasks_run() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim().flink().waitsForSlots("tests", "job", true);
        world.apply("flink:2.4", "savepoint");
        world.pass(5);
        assertThat(launched(world).has("since")).isTrue();

        world.sim().flink().waitsForSlots("tests", "job", false);
        world.passUntil(status -> status.has("operation"));

        assertThat(launched(world).has("since")).isFalse();
    }

    private static JsonNode launched(Stateful world) {
        return world.status().at("/plugins/upgrades/launched");
    }

    @Test
    void a_deletion_whose_savepoint_fails_pauses_too() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.apply("flink:2.3", "savepoint", "running", ON_DELETION);
        world.converge();
        world.sim().flink().savepoints(Savepoints.FAILING_WITH_RESTART);
        world.sim().delete(REF);

        world.pass(65);

        assertThat(asked(world)).isBetween(2L, 4L);
        assertThat(world.status().path("error").asText())
                .contains("Not supported yet", "kubernetes.operator.job.savepoint-on-deletion");

        world.sim().flink().savepoints(Savepoints.GOOD);
        world.pass(60);
        assertThat(world.sim().exists(REF)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    @Tag("S081")
    void a_crash_before_or_after_any_effect_of_a_failed_stop_costs_neither_the_job_nor_its_state(Ha ha) {
        int effects = 0;
        for (int at = 0; at == 0 || at < effects; at++) {
            for (boolean before : new boolean[] {true, false}) {
                var world = Stateful.running("savepoint", ha);
                int first = world.sim().faults().effects();
                world.sim().faults().crashAt(first + at, before);
                world.sim().flink().savepoints(Savepoints.FAILING_WITH_RESTART);
                world.apply("flink:2.4", "savepoint");
                world.pass(16);
                var where = "crash " + (before ? "before" : "after") + " effect " + at;
                assertThat(world.sim().cluster().started()).as(where).hasSize(1);
                effects = Math.max(effects, world.sim().faults().effects() - first);

                world.sim().flink().savepoints(Savepoints.GOOD);
                world.pass(60);

                assertThat(world.recorded()).as(where).contains("flink:2.4");
                assertThat(world.sim().cluster().started()).as(where).hasSize(2);
                assertThat(world.sim().flink().log()).as(where).noneMatch(entry -> entry.startsWith("cancel"));
                world.lostNothing();
            }
        }
        assertThat(effects).isGreaterThan(4);
    }
}
