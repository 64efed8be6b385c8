package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs that restart too often, or complete no checkpoints (behaviour 4.3, F11). */
class UnhealthyJobTest {
    private static final String CHECK = "kubernetes.operator.cluster.health-check.enabled: 'true'\n"
            + "kubernetes.operator.cluster.health-check.restarts.threshold: '10'\n"
            + "execution.checkpointing.interval: 1 min\nexecution.checkpointing.timeout: 1 min";

    private static String info(World world) {
        return world.status().path("clusterInfo").path("ClusterHealthInfo").asText();
    }

    @Test
    @Tag("S226")
    void s226_a_job_that_restarts_too_often_gets_a_new_cluster_and_goes_on_from_its_metadata() {
        var world = World.running("last-state", World.HA, CHECK);
        world.pass(15);
        assertThat(info(world)).contains("\"numRestarts\":0").contains("\"healthy\":true");
        world.sim().flink().restarts("tests", "job", 11);

        world.pass(25);
        world.converge();

        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.events("RestartUnhealthyJob")).hasSize(1);
        assertThat(world.events("RestartUnhealthyJob").getFirst().message()).contains("11 restarts");
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isEqualTo(1);
        assertThat(info(world)).contains("\"numRestarts\":0");
        world.lostNothing("restarted");
    }

    @Test
    @Tag("S227")
    void s227_a_job_that_completes_no_checkpoints_gets_a_new_cluster() {
        var world = World.running("last-state", World.HA, CHECK);
        world.pass(15);

        world.later(Duration.ofMinutes(1));
        world.later(Duration.ofMinutes(3));
        world.converge();

        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.events("RestartUnhealthyJob").getFirst().message()).contains("No completed checkpoints");
        world.lostNothing("restarted");
    }

    @Test
    @Tag("S227b")
    void s227b_with_state_that_nothing_else_knows_of_it_goes_on_and_a_stateless_one_is_restarted() {
        var world = World.running("savepoint", Map.of(), CHECK);
        world.pass(15);
        world.sim().flink().restarts("tests", "job", 11);
        world.pass(20);

        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.condition("Reconciling")).contains("It is not restarted");

        var stateless = World.running("stateless", Map.of(), CHECK);
        stateless.pass(15);
        stateless.sim().flink().restarts("tests", "job", 11);
        stateless.pass(25);
        assertThat(stateless.launches()).isEqualTo(2);
    }

    @Test
    @Tag("S228")
    void s228_a_job_that_has_failed_is_none_of_its_business() {
        var world = World.running("last-state", World.HA, CHECK);
        world.pass(15);
        world.sim().flink().restarts("tests", "job", 11);
        world.sim().flink().becomes("tests", "job", "FAILED");

        world.pass(25);

        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.events("RestartUnhealthyJob")).isEmpty();
    }

    @Test
    void a12_a_healthy_job_costs_no_status_write() {
        var world = World.running("last-state", World.HA, CHECK);
        world.pass(50);
        int writes = world.sim().kubernetes().log().size();

        world.pass(20);

        assertThat(world.sim().kubernetes().log()).hasSize(writes);
    }

    @Test
    void switched_off_nothing_is_asked_and_nothing_is_kept() {
        var world = World.running("last-state", World.HA, "");
        world.sim().flink().restarts("tests", "job", 100);

        world.pass(20);

        assertThat(world.launches()).isEqualTo(1);
        assertThat(info(world)).isEmpty();
    }
}
