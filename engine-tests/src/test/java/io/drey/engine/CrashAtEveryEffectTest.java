package io.drey.engine;

import static io.drey.plugin.upgrades.Scenario.application;
import static io.drey.plugin.upgrades.Scenario.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Scenario;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.Crash;
import io.drey.testkit.Simulation;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends the operator before and after each single effect of an operation, and at each of them serves a stale cache. */
class CrashAtEveryEffectTest {

    /** What the user does to a settled world, and what must be so in the end. */
    enum Story {
        FIRST_DEPLOY((world, ref) -> world.apply(application("flink:2.3", 1, "running")), "STABLE", 1),
        UPGRADE((world, ref) -> world.apply(application("flink:2.4", 2, "running")), "STABLE", 2),
        SUSPEND((world, ref) -> world.apply(application("flink:2.3", 1, "suspended")), "SUSPENDED", 1),
        RESUME((world, ref) -> world.apply(application("flink:2.3", 1, "running")), "STABLE", 2),
        SESSION_UPGRADE((world, ref) -> world.apply(session("flink:2.4")), "STABLE", 2),
        DELETE((world, ref) -> world.delete(ref), "", 1);

        private final BiConsumer<Simulation, ResourceRef> act;
        private final String lifecycle;
        private final int launches;

        Story(BiConsumer<Simulation, ResourceRef> act, String lifecycle, int launches) {
            this.act = act;
            this.lifecycle = lifecycle;
            this.launches = launches;
        }

        ResourceRef prepare(Simulation world) {
            var ref = new ResourceRef("FlinkDeployment", "tests", "job");
            if (this == FIRST_DEPLOY) {
                return ref;
            }
            world.apply(this == SESSION_UPGRADE ? session("flink:2.3") : application("flink:2.3", 1, "running"));
            world.converge(ref);
            if (this == RESUME) {
                world.apply(application("flink:2.3", 1, "suspended"));
                world.converge(ref);
            }
            return ref;
        }

        void check(Simulation world, ResourceRef ref, String where) {
            assertThat(world.cluster().started())
                    .as("launches, crash %s", where)
                    .hasSize(launches)
                    .doesNotHaveDuplicates();
            if (this == DELETE) {
                assertThat(world.exists(ref)).as(where).isFalse();
                assertThat(world.kubernetes().peekAll("Deployment")).as(where).isEmpty();
                assertThat(world.kubernetes().peekAll("Service")).as(where).isEmpty();
            } else {
                assertThat(world.status(ref).path("lifecycleState").asText())
                        .as("lifecycle, crash %s: %s", where, world.status(ref))
                        .isEqualTo(lifecycle);
                assertThat(world.status(ref).has("operation")).as(where).isFalse();
            }
            if (lifecycle.equals("STABLE")) {
                assertThat(world.kubernetes().peekAll("Service")).as(where).hasSize(1);
                assertThat(world.kubernetes().peekAll("ConfigMap")).as(where).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Story.class)
    @Tag("S081")
    void s081_a_crash_before_or_after_any_effect_changes_nothing_in_the_end(Story story) {
        int effects = effectsOf(story);
        assertThat(effects).isGreaterThan(3);
        for (int at = 0; at < effects; at++) {
            for (boolean before : new boolean[] {true, false}) {
                var world = Scenario.start();
                var ref = story.prepare(world);
                world.faults().crashAt(world.faults().effects() + at, before);
                story.act.accept(world, ref);
                world.converge(ref);
                story.check(world, ref, (before ? "before" : "after") + " effect " + at);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Story.class)
    void c0_a_stale_cache_at_any_pass_changes_nothing_in_the_end(Story story) {
        for (int staleAt = 0; staleAt < 12; staleAt++) {
            var world = Scenario.start();
            var ref = story.prepare(world);
            story.act.accept(world, ref);
            for (int pass = 0; pass < 14; pass++) {
                if (pass == staleAt) {
                    // What the informers saw before the last pass is what a restarted operator sees, three times over.
                    world.kubernetes().freeze();
                    world.pass(ref);
                    world.cluster().settle();
                    world.restart();
                    world.pass(ref);
                    world.pass(ref);
                    world.kubernetes().thaw();
                } else {
                    world.pass(ref);
                }
                world.cluster().settle();
            }
            world.converge(ref);
            story.check(world, ref, "stale at pass " + staleAt);
        }
    }

    private static int effectsOf(Story story) {
        var world = Scenario.start();
        var ref = story.prepare(world);
        int before = world.faults().effects();
        story.act.accept(world, ref);
        try {
            world.converge(ref);
        } catch (Crash impossible) {
            throw new AssertionError(impossible);
        }
        story.check(world, ref, "none");
        return world.faults().effects() - before;
    }
}
