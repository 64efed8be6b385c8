package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends the operator before and after each single effect of each remedy, and at each pass with a cache that lags. */
class RemedyCrashTest {
    private static final String RESTART = "kubernetes.operator.job.restart.failed: 'true'";
    private static final String CHECK = "kubernetes.operator.cluster.health-check.enabled: 'true'\n"
            + "kubernetes.operator.cluster.health-check.restarts.threshold: '10'";

    enum Story {
        RECOVER("last-state", World.HA, "", World::deleteJobManager),
        RECOVER_STATELESS("stateless", Map.of(), "", World::deleteJobManager),
        RESTART_FAILED("last-state", World.HA, RESTART, world -> becomes(world, "FAILED")),
        RESTART_FAILED_WITHOUT_METADATA("savepoint", Map.of(), RESTART, world -> becomes(world, "FAILED")),
        RESTART_UNHEALTHY(
                "last-state", World.HA, CHECK, world -> world.sim().flink().restarts("tests", "job", 11)),
        ROLLBACK_OF_WHAT_NEVER_STARTED("last-state", World.HA, RollbackTest.ROLLBACK, RemedyCrashTest::late) {
            @Override
            void prepare(World world) {
                upgrade(world, "flink:unpullable");
            }
        },
        ROLLBACK_TO_A_SAVEPOINT("savepoint", World.HA, RollbackTest.ROLLBACK, RemedyCrashTest::late) {
            @Override
            void prepare(World world) {
                upgrade(world, "flink:incompatible");
            }
        },
        ROLLBACK_OF_A_FAILING_MAIN("last-state", World.HA, RollbackTest.ROLLBACK, world -> {
            world.apply("flink:failing", "last-state", RollbackTest.ROLLBACK);
        });

        final String mode;
        final Map<String, String> platform;
        final String keys;
        final Consumer<World> act;

        Story(String mode, Map<String, String> platform, String keys, Consumer<World> act) {
            this.mode = mode;
            this.platform = platform;
            this.keys = keys;
            this.act = act;
        }

        void prepare(World world) {
            world.pass(14);
        }

        void upgrade(World world, String image) {
            world.apply(image, mode, keys);
            world.passUntil(status -> world.image().equals(image));
            world.pass(4);
        }

        World start() {
            var world = World.running(mode, platform, keys);
            prepare(world);
            return world;
        }

        boolean rollsBack() {
            return keys.equals(RollbackTest.ROLLBACK);
        }

        /** What must be so in the end, whatever happened on the way. */
        void check(World world, int launches, String where) {
            if (!mode.equals("stateless")) {
                world.lostNothing(where);
            }
            assertThat(world.lifecycle())
                    .as("%s: %s", where, world.status())
                    .isEqualTo(rollsBack() ? "ROLLED_BACK" : "STABLE");
            assertThat(world.status().has("operation")).as(where).isFalse();
            assertThat(world.job()).as(where).isEqualTo("RUNNING");
            assertThat(world.image()).as(where).isEqualTo("flink:2.3");
            assertThat(world.launches()).as("launches, %s", where).isEqualTo(launches);
        }
    }

    private static void becomes(World world, String state) {
        world.sim().flink().becomes("tests", "job", state);
    }

    private static void late(World world) {
        world.sim().clock().advance(Duration.ofMinutes(5));
    }

    private static void goOn(World world) {
        world.pass(12);
        world.converge();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S081")
    void s081_a_crash_before_or_after_any_effect_loses_nothing_and_starts_nothing_twice(Story story) {
        var without = story.start();
        int from = without.sim().faults().effects();
        story.act.accept(without);
        goOn(without);
        int effects = without.sim().faults().effects() - from;
        int launches = without.launches();
        story.check(without, launches, "no crash");
        assertThat(effects).isGreaterThan(3);
        for (int at = 0; at < effects; at++) {
            for (boolean before : new boolean[] {true, false}) {
                var world = story.start();
                world.sim().faults().crashAt(world.sim().faults().effects() + at, before);
                story.act.accept(world);
                goOn(world);
                story.check(world, launches, "crash " + (before ? "before" : "after") + " effect " + at);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void c0_a_stale_cache_at_any_pass_changes_nothing_in_the_end(Story story) {
        var without = story.start();
        story.act.accept(without);
        goOn(without);
        for (int staleAt = 0; staleAt < 14; staleAt++) {
            var world = story.start();
            story.act.accept(world);
            for (int pass = 0; pass < 16; pass++) {
                if (pass == staleAt) {
                    world.sim().kubernetes().freeze();
                    world.pass();
                    world.sim().restart();
                    world.pass(2);
                    world.sim().kubernetes().thaw();
                } else {
                    world.pass();
                }
            }
            goOn(world);
            story.check(world, without.launches(), "stale at pass " + staleAt);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a7_an_operation_that_another_operator_dropped_is_gone_on_from(Story story) {
        var without = story.start();
        story.act.accept(without);
        goOn(without);
        int dropped = 0;
        for (int passes = 1; passes < 16; passes++) {
            var world = story.start();
            story.act.accept(world);
            world.pass(passes);
            dropped += drop(world) ? 1 : 0;
            goOn(world);
            int launches = without.launches();
            if (story == Story.RESTART_UNHEALTHY) {
                // Its restarts were counted before: a job that runs is not restarted for the same ones again.
                launches = Math.clamp(world.launches(), launches - 1, launches);
            }
            story.check(world, launches, "dropped after pass " + passes);
        }
        assertThat(dropped).isPositive();
    }

    private static boolean drop(World world) {
        var resource =
                (ObjectNode) world.sim().kubernetes().peek(World.RESOURCE).orElseThrow();
        var operation = resource.withObject("/status").remove("operation");
        world.sim().kubernetes().put(resource);
        return operation != null;
    }
}
