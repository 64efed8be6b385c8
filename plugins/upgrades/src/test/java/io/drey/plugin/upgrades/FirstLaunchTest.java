package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.testkit.Faults.Disturbance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** First launches that do not work at once. */
class FirstLaunchTest {
    private static final String GIVEN = "initialSavepointPath: 'file:/savepoints/given'";

    private static Stateful fresh(Ha ha) {
        var world = new Stateful(Scenario.start(ha));
        world.sim().flink().storage().put("file:/savepoints/given", 7, 3);
        return world;
    }

    private static Disturbance failing(String what) {
        return (effect, happened) -> {
            if (!happened && effect.startsWith(what)) {
                throw new KubernetesError(500, what + " fails in the test");
            }
        };
    }

    @ParameterizedTest
    @EnumSource(Ha.class)
    @Tag("S062")
    @Tag("S067")
    void s062_s067_one_that_failed_is_tried_again_from_its_initial_savepoint_and_does_not_count_as_deployed(Ha ha) {
        var world = fresh(ha);
        world.sim().faults().disturb(failing("create Deployment"));
        world.apply("flink:2.3", "savepoint", "running", "", GIVEN);

        world.pass(10);

        assertThat(world.reconciliation()).isEqualTo("UPGRADING");
        assertThat(world.status().path("reconciliationStatus").has("lastStableSpec"))
                .isFalse();
        assertThat(world.sim().cluster().started()).isEmpty();
        world.sim().faults().disturb(Disturbance.NONE);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.lastBegun().checkpointId()).isEqualTo(7);
    }

    @Test
    @Tag("S082")
    void s082_an_edit_of_one_that_failed_is_launched_in_its_place_from_the_savepoint_that_it_names() {
        var world = fresh(Ha.OFF);
        world.sim().flink().storage().put("file:/savepoints/other", 9, 5);
        world.sim().faults().disturb(failing("create Deployment"));
        world.apply("flink:2.3", "savepoint", "running", "", GIVEN);
        world.pass(5);
        world.apply("flink:2.4", "savepoint", "running", "", "initialSavepointPath: 'file:/savepoints/other'");
        world.pass(5);

        world.sim().faults().disturb(Disturbance.NONE);
        world.converge();

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.lastBegun().checkpointId()).isEqualTo(9);
    }

    @Test
    @Tag("S063")
    void s063_metadata_that_cannot_be_looked_at_is_looked_at_again_before_anything_starts() {
        var world = fresh(Ha.ON);
        world.sim().kubernetes().unreadable("ConfigMap", true);
        world.apply("flink:2.3", "last-state");

        world.pass(10);

        assertThat(world.sim().cluster().started()).isEmpty();
        world.sim().kubernetes().unreadable("ConfigMap", false);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().cluster().started()).hasSize(1);
    }

    @Test
    @Tag("S071")
    void s071_a_job_id_that_the_user_sets_is_that_of_each_launch() {
        var id = "0123456789abcdef0123456789abcdef";
        var keys = "$internal.pipeline.job-id: " + id;
        var world = fresh(Ha.OFF);
        world.apply("flink:2.3", "savepoint", "running", keys);
        world.converge();
        assertThat(world.jobId()).isEqualTo(id);
        world.sim().flink().checkpoints("tests", "job");

        world.apply("flink:2.4", "savepoint", "running", keys);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().cluster().started()).containsExactly(id, id);
        assertThat(world.sim().status(REF).path("jobStatus").path("jobId").asText())
                .isEqualTo(id);
        world.lostNothing();
    }
}
