package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Remedies while an edit is not admitted: none starts a job empty whose last admitted spec kept its state. */
class InvalidEditTest {
    private static final String KEYS = "kubernetes.operator.job.restart.failed: 'true'\n"
            + "kubernetes.operator.deployment.rollback.enabled: 'true'\n"
            + "kubernetes.operator.deployment.readiness.timeout: 5 min\n"
            + "kubernetes.operator.cluster.health-check.enabled: 'true'\n"
            + "kubernetes.operator.cluster.health-check.restarts.threshold: '10'\n"
            + "execution.checkpointing.interval: 10 h\nexecution.checkpointing.timeout: 10 h";
    private static final String REFUSED = KEYS + "\ntest.refused: x";

    /** What comes over the job. */
    enum Trouble {
        FAILED(world -> world.sim().flink().becomes("tests", "job", "FAILED")),
        LOST(World::deleteJobManager),
        LOST_WITH_METADATA(world -> {
            world.deleteJobManager();
            world.loseMetadata();
        }),
        SCALED_TO_ZERO(world -> world.scaleJobManager(0)),
        UNHEALTHY(world -> {
            world.pass(15);
            world.sim().flink().restarts("tests", "job", 11);
        }),
        UNHEALTHY_WITHOUT_METADATA(world -> {
            world.pass(15);
            world.loseMetadata();
            world.sim().flink().restarts("tests", "job", 11);
        });

        private final Consumer<World> comes;

        Trouble(Consumer<World> comes) {
            this.comes = comes;
        }
    }

    private static Map<String, String> platform(boolean highAvailability) {
        return highAvailability ? World.HA : Map.of();
    }

    private static void afterTime(World world) {
        world.pass(30);
        world.later(Duration.ofMinutes(10));
        world.pass(30);
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void a_job_with_state_is_never_started_empty(Trouble trouble) {
        for (var admitted : new String[] {"savepoint", "last-state"}) {
            for (var pending : new String[] {"savepoint", "last-state", "stateless"}) {
                for (boolean highAvailability : new boolean[] {true, false}) {
                    var world = World.running(admitted, platform(highAvailability), KEYS);
                    world.apply("flink:2.4", pending, REFUSED);
                    world.pass(3);

                    trouble.comes.accept(world);
                    afterTime(world);

                    var what = admitted + ", pending " + pending + ", HA " + highAvailability;
                    world.lostNothing(what);
                    assertThat(world.recorded()).as(what).contains("flink:2.3");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"savepoint,true", "savepoint,false", "stateless,true", "stateless,false"})
    void a_rollback_does_not_start_empty(String pending, boolean highAvailability) {
        var world = World.running("savepoint", platform(highAvailability), KEYS);
        world.apply("flink:unpullable", "savepoint", KEYS);
        world.passUntil(status -> world.image().equals("flink:unpullable"));
        world.apply("flink:2.4", pending, REFUSED);

        afterTime(world);

        world.lostNothing("rolled back");
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"FAILED", "LOST", "SCALED_TO_ZERO", "UNHEALTHY_WITHOUT_METADATA"})
    void a_job_without_state_comes_back_empty(Trouble trouble) {
        var world = World.running("stateless", Map.of(), KEYS);
        world.apply("flink:2.4", "stateless", REFUSED);
        world.pass(3);

        trouble.comes.accept(world);
        afterTime(world);

        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.image()).isEqualTo("flink:2.3");
    }

    @Test
    void a_mode_that_was_admitted_later_counts_although_it_started_nothing() {
        var world = World.running("savepoint", Map.of(), KEYS);
        world.apply("flink:2.3", "stateless", KEYS);
        world.converge();
        assertThat(world.launches()).isOne();
        world.apply("flink:2.4", "stateless", REFUSED);
        world.pass(3);

        world.deleteJobManager();
        afterTime(world);

        assertThat(world.launches()).isEqualTo(2);
    }

    @Test
    void where_nothing_says_which_mode_was_admitted_nothing_starts_empty() {
        var world = World.running("stateless", Map.of(), KEYS);
        var resource =
                (ObjectNode) world.sim().kubernetes().peek(World.RESOURCE).orElseThrow();
        resource.withObject("/status").remove("plugins");
        world.sim().kubernetes().put(resource);
        world.apply("flink:2.4", "stateless", REFUSED);
        world.pass(3);

        world.deleteJobManager();
        afterTime(world);

        assertThat(world.launches()).isOne();
        assertThat(world.manager()).isEqualTo("MISSING");
    }
}
