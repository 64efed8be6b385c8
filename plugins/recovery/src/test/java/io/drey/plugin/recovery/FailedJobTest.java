package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that have failed for good (behaviour 4.2, F12). */
class FailedJobTest {
    private static final String RESTART = "kubernetes.operator.job.restart.failed: 'true'";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("S234")
    void s234_a_failed_job_is_started_again_from_its_newest_checkpoint(boolean ha) {
        var world = World.running("last-state", ha ? World.HA : Map.of(), RESTART);
        world.sim().flink().becomes("tests", "job", "FAILED");

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isEqualTo(1);
        assertThat(world.status().path("jobStatus").path("upgradeSavepointPath").asText())
                .contains("chk-1");
        assertThat(world.events("Error")).hasSize(1);
        assertThat(world.status().has("error")).isFalse();
        world.lostNothing("restarted");
    }

    @Test
    void switched_off_it_stays_failed() {
        var world = World.running("last-state", World.HA, "");
        world.sim().flink().becomes("tests", "job", "FAILED");

        world.pass(20);

        assertThat(world.lifecycle()).isEqualTo("FAILED");
        assertThat(world.launches()).isEqualTo(1);
    }

    @Test
    void a_stateless_one_starts_empty() {
        var world = World.running("stateless", Map.of(), RESTART);
        world.sim().flink().becomes("tests", "job", "FAILED");

        world.converge();

        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isEqualTo(-1);
    }

    @Test
    void one_that_fails_again_and_again_is_restarted_less_and_less_often() {
        var world = World.running("last-state", World.HA, RESTART);
        fails(world, 2);
        fails(world, 3);

        world.sim().flink().becomes("tests", "job", "FAILED");
        world.pass(4);
        assertThat(world.launches()).isEqualTo(3);
        assertThat(world.condition("Reconciling")).contains("restart 3");
        world.sim().clock().advance(Duration.ofSeconds(20));
        world.converge();
        assertThat(world.launches()).isEqualTo(4);

        world.sim().clock().advance(Duration.ofMinutes(20));
        fails(world, 5);
        fails(world, 6);
        world.lostNothing("restarted");
    }

    private static void fails(World world, int launches) {
        world.sim().flink().becomes("tests", "job", "FAILED");
        world.converge();
        assertThat(world.launches()).isEqualTo(launches);
    }
}
