package io.drey.engine;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.plugin.upgrades.Stateful;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends the operator before and after each single effect of what is done to a job beside its upgrade, and at each pass. */
class StatefulCrashTest {
    private static final ObjectKey RESOURCE =
            new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name());

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"SUSPEND_.*", "RESUME_.*", "DELETE_.*"})
    @Tag("S081")
    void s081_c1_to_c6_a_crash_before_or_after_any_effect_loses_nothing_and_starts_nothing_twice(StatefulStory story) {
        int effects = effectsOf(story);
        assertThat(effects).isGreaterThan(3);
        for (int at = 0; at < effects; at++) {
            for (boolean before : new boolean[] {true, false}) {
                var world = story.prepare();
                world.sim().faults().crashAt(world.sim().faults().effects() + at, before);
                story.act(world);
                world.converge();
                story.check(world, "crash " + (before ? "before" : "after") + " effect " + at);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void c0_a_stale_cache_at_any_pass_changes_nothing_in_the_end(StatefulStory story) {
        for (int staleAt = 0; staleAt < 14; staleAt++) {
            var world = story.prepare();
            story.act(world);
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
            world.converge();
            story.check(world, "stale at pass " + staleAt);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DELETE_WITH_SAVEPOINT")
    void a7_an_operation_that_another_operator_dropped_is_gone_on_from(StatefulStory story) {
        int dropped = 0;
        for (int passes = 1; passes < 16; passes++) {
            var world = story.prepare();
            story.act(world);
            world.pass(passes);
            dropped += drop(world) ? 1 : 0;
            world.converge();
            story.check(world, "dropped after pass " + passes);
        }
        assertThat(dropped).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void a2_plans_of_one_operation_are_suffixes_of_the_ones_before(StatefulStory story) {
        var world = story.prepare();
        int seen = world.sim().reports().size();
        story.act(world);
        world.converge();

        var reports = world.sim().reports();
        var plans = PlanShapes.suffixes(
                reports.subList(seen, reports.size()), step -> !(step instanceof Step.Await) && !removesMetadata(step));
        assertThat(plans).isNotEmpty();
        assertThat(plans.getLast().getLast())
                .as("the end")
                .isEqualTo(plans.getFirst().getLast());
    }

    /** Each pass in which nothing changes has the same plan, with the same ids and the same objects. */
    @ParameterizedTest
    @EnumSource
    void plans_over_unchanged_facts_are_equal(StatefulStory story) {
        var world = story.prepare();
        story.act(world);
        PlanShapes.equalOverUnchangedFacts(world.sim(), REF);

        world.converge();
        story.check(world, "each effect refused five times");
    }

    /** Flink removes it as well, when a job ends: the law is about unchanged facts. */
    private static boolean removesMetadata(Step step) {
        return step instanceof Step.Delete && step.target().endsWith("-config-map");
    }

    private static boolean drop(Stateful world) {
        var resource = (ObjectNode) world.sim().kubernetes().peek(RESOURCE).orElseThrow();
        var operation = resource.withObject("/status").remove("operation");
        world.sim().kubernetes().put(resource);
        return operation != null;
    }

    private static int effectsOf(StatefulStory story) {
        var world = story.prepare();
        int before = world.sim().faults().effects();
        story.act(world);
        world.converge();
        int effects = world.sim().faults().effects() - before;
        story.check(world, "no crash");
        return effects;
    }
}
