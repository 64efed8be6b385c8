package io.drey.plugin.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.testkit.FakeFlink.Savepoints;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An edit that is not admitted while an earlier one is carried out: the spec of the earlier one may be lost by then. */
class InvalidEditTest {
    private static Stateful upgrading(String mode, Ha ha, int passes) {
        var world = Stateful.running(mode, ha);
        world.apply("flink:2.4", mode);
        world.pass(passes);
        world.apply("flink:invalid", mode);
        return world;
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "last-state,OFF", "last-state,ON", "stateless,OFF"})
    @Tag("S005")
    void f27_s005_before_anything_is_touched_the_job_goes_on_as_it_was(String mode, Ha ha) {
        var world = upgrading(mode, ha, 1);

        world.converge();

        assertThat(world.status().has("operation")).isFalse();
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.status().path("observedGeneration").asLong()).isEqualTo(1);
        assertThat(world.recorded()).contains("flink:2.3");
        assertThat(world.condition("Stalled")).contains("spec.image");
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "last-state,OFF", "last-state,ON", "stateless,OFF"})
    @Tag("S008")
    void f5_s008_wherever_it_comes_what_is_launched_is_recorded_under_its_own_generation(String mode, Ha ha) {
        for (int passes = 1; passes < 12; passes++) {
            var world = upgrading(mode, ha, passes);

            world.converge();

            var image = world.recorded().contains("flink:2.4") ? "flink:2.4" : "flink:2.3";
            assertThat(world.status().path("observedGeneration").asLong())
                    .as("after pass %s: %s", passes, world.recorded())
                    .isEqualTo(image.equals("flink:2.4") ? 2 : 1);
            assertThat(world.job()).as("after pass %s", passes).isEqualTo("RUNNING");
            assertThat(world.status().has("operation")).isFalse();
            if (!mode.equals("stateless")) {
                world.lostNothing();
            }
            world.apply("flink:2.5", mode);
            world.converge();
            assertThat(world.lifecycle()).isEqualTo("STABLE");
            assertThat(world.recorded()).contains("flink:2.5");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void f5_a_stop_in_flight_is_brought_to_its_end_and_the_old_spec_is_launched_from_it(boolean restarted) {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", "savepoint");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));
        world.apply("flink:invalid", "savepoint");
        world.pass(2);
        if (restarted) {
            world.sim().restart();
        }
        world.sim().flink().savepoints(Savepoints.GOOD);

        world.converge();

        assertThat(world.recorded()).contains("flink:2.3");
        assertThat(world.status().path("observedGeneration").asLong()).isEqualTo(1);
        assertThat(world.sim().cluster().started()).hasSize(2);
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
    }
}
