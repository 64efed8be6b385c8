package io.drey.plugin.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.Faults.Disturbance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An edit to {@code stateless} that is taken back while it is carried out: the state of the job is still wanted. */
class EditTakenBackTest {
    /** More passes than an upgrade takes. */
    private static final int LONG = 14;

    private static void passUntil(Stateful world, String phase) {
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals(phase));
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,OFF", "last-state,ON"})
    @Tag("S137")
    void before_anything_is_touched_the_newer_edit_is_chosen_for_anew(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.apply("flink:2.4", "stateless");
        world.pass();
        assertThat(world.status().at("/operation/phase").asText()).isEqualTo("RECORDED");

        world.apply("flink:2.4", mode);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.sim().cluster().started()).hasSize(2);
        world.lostNothing();
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON"})
    @Tag("S137")
    void the_savepoint_that_a_stop_takes_meanwhile_is_restored(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", mode);
        passUntil(world, "STOPPING");
        world.apply("flink:2.4", "stateless");
        world.pass(2);
        world.sim().flink().savepoints(Savepoints.GOOD);
        world.pass();

        world.apply("flink:2.5", mode);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.5").contains("\"upgradeMode\":\"savepoint\"");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        world.lostNothing();
    }

    @ParameterizedTest
    @CsvSource({"last-state,OFF", "last-state,ON"})
    @Tag("S137")
    void metadata_that_was_chosen_is_not_removed(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.apply("flink:2.4", mode);
        world.pass(2);
        world.apply("flink:2.4", "stateless");
        world.pass();

        world.apply("flink:2.5", mode);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.5");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        world.lostNothing();
    }

    /** Wherever the two edits come: the state is restored, or nothing is started and the user is asked. */
    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,OFF", "last-state,ON"})
    void wherever_it_comes_no_job_starts_empty_that_was_not_launched_so_before(String mode, Ha ha) {
        int asked = 0;
        for (int first = 0; first < LONG; first++) {
            for (int second = 1; second < LONG; second++) {
                var where = "after passes " + first + " and " + second;
                var world = Stateful.running(mode, ha);
                if (first > 0) {
                    world.apply("flink:2.4", mode);
                    world.pass(first);
                }
                world.apply("flink:2.4", "stateless");
                world.pass(second);
                int launched = world.sim().flink().begun().size();
                if (launched > 1 && world.lastBegun().checkpointId() < 0) {
                    break;
                }
                world.apply("flink:2.5", mode);

                world.converge();

                var begun = world.sim().flink().begun();
                assertThat(begun.subList(launched, begun.size()))
                        .as(where)
                        .allMatch(job -> job.progress() >= job.newest());
                if (!world.status().has("operation")) {
                    assertThat(world.lifecycle()).as(where).isEqualTo("STABLE");
                    assertThat(world.recorded()).as(where).contains("flink:2.5");
                } else {
                    asked++;
                    assertThat(world.condition("Stalled"))
                            .as(where)
                            .contains("spec.job.initialSavepointPath")
                            .contains("stateless");
                    world.apply("flink:2.5", "stateless");
                    world.converge();
                    assertThat(world.lifecycle()).as(where).isEqualTo("STABLE");
                }
            }
        }
        // A stateless upgrade that has cancelled the job has left nothing to prove the state by.
        assertThat(asked).isPositive();
    }

    /** The status has kept where the state of such a job is, and its cluster is on its way down. */
    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,OFF", "last-state,ON"})
    void a_job_that_had_failed_before_it_was_stopped_is_started_from_its_recorded_checkpoint(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.sim().cluster().lingers(4);
        world.sim().flink().becomes("tests", "job", "FAILED");
        world.passUntil(status -> world.job().equals("FAILED"));
        world.apply("flink:2.4", "stateless");
        world.pass(2);
        assertThat(world.status().at("/operation/phase").asText()).isEqualTo("RECORDED");

        world.apply("flink:2.5", mode);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.5");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
        world.lostNothing();
    }

    /** The job has been cancelled, and only its JobManager knows where its last checkpoint is. */
    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,OFF", "last-state,ON"})
    void a_job_that_was_only_cancelled_is_started_from_its_last_checkpoint(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.sim().faults().disturb((effect, happened) -> {
            if (!happened && (effect.startsWith("patch Deployment") || effect.startsWith("delete Deployment"))) {
                throw new KubernetesError(500, "not now");
            }
        });
        world.apply("flink:2.4", "stateless");
        world.pass(3);
        world.sim().faults().disturb(Disturbance.NONE);

        world.apply("flink:2.4", mode);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(1);
    }

    @Test
    void a_redeploy_that_is_taken_back_does_not_start_from_its_path() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.works();
        world.sim().flink().checkpoints("tests", "job");
        var old = "file:/checkpoints/" + world.jobId() + "/chk-1";
        world.apply(
                "flink:2.4",
                "savepoint",
                "running",
                "",
                "initialSavepointPath: '" + old + "', savepointRedeployNonce: 1");
        world.pass(2);

        world.apply("flink:2.5", "savepoint");
        world.converge();

        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.condition("Stalled")).contains("spec.job.initialSavepointPath");
    }

    @Test
    void a_redeploy_without_a_path_is_refused_in_mid_upgrade_too() {
        var world = Stateful.running("last-state", Ha.ON);
        world.apply("flink:2.4", "last-state");
        world.pass(2);

        world.apply("flink:2.4", "last-state", "running", "", "savepointRedeployNonce: 1");
        world.converge();

        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.condition("Stalled")).contains("spec.job.initialSavepointPath is empty");
        world.apply("flink:2.4", "last-state");
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing();
    }

    @Test
    void high_availability_that_is_switched_off_in_mid_upgrade_does_not_start_the_job_empty() {
        var world = Stateful.running("last-state", Ha.ON);
        world.apply("flink:2.4", "last-state");
        world.pass(2);

        world.apply("flink:2.4", "last-state", "running", "high-availability.type: NONE");
        world.converge();

        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.condition("Stalled")).contains("high-availability");
        world.apply("flink:2.4", "last-state");
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing();
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,ON"})
    @Tag("S135")
    void a_suspended_job_that_is_resumed_stateless_and_back_is_resumed_with_its_state(String mode, Ha ha) {
        for (int passes = 1; passes < LONG; passes++) {
            var world = Stateful.running(mode, ha);
            world.apply("flink:2.3", mode, "suspended", "");
            world.converge();
            world.apply("flink:2.3", "stateless");
            world.pass(passes);
            int launched = world.sim().flink().begun().size();
            if (launched > 1) {
                break;
            }

            world.apply("flink:2.4", mode);
            world.converge();

            var begun = world.sim().flink().begun();
            assertThat(begun.subList(launched, begun.size()))
                    .as("after pass %s", passes)
                    .allMatch(job -> job.progress() >= job.newest());
            assertThat(world.status().has("operation") ? world.condition("Stalled") : "initialSavepointPath")
                    .as("after pass %s: %s", passes, world.status())
                    .contains("initialSavepointPath");
        }
    }

    /** The spec of the first edit is gone then, and the deployed one is launched again. */
    @Test
    void an_invalid_edit_after_one_to_stateless_restores_the_state_too() {
        var world = Stateful.running("last-state", Ha.ON);
        world.apply("flink:2.4", "last-state");
        world.pass(2);
        world.apply("flink:2.4", "stateless");
        world.pass();

        world.apply("flink:invalid", "last-state");
        world.converge();

        assertThat(world.status().has("operation")).as("%s", world.status()).isFalse();
        assertThat(world.recorded()).contains("flink:2.3");
        assertThat(world.job()).isEqualTo("RUNNING");
        world.lostNothing();
    }
}
