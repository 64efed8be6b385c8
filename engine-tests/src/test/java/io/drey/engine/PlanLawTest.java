package io.drey.engine;

import static io.drey.plugin.upgrades.Scenario.application;
import static io.drey.testkit.FakeFlink.VERTICES;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Scenario;
import io.drey.spi.plan.Step;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With unchanged facts the plan of the next pass is a suffix of this one (A2). */
class PlanLawTest {
    @Test
    void a2_plans_of_one_operation_are_suffixes_of_the_ones_before() {
        holds(application("flink:2.3", 1, "running"), application("flink:2.4", 2, "running"), 3);
    }

    @Test
    void a2_so_are_those_of_a_rescale() {
        holds(scaled(2), scaled(3), 2);
    }

    @Test
    void plans_over_unchanged_facts_are_equal() {
        var world = Scenario.start();
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.apply(application("flink:2.4", 2, "running"));

        PlanShapes.equalOverUnchangedFacts(world, ref);

        world.converge(ref);
        assertThat(world.cluster().started()).hasSize(2);
    }

    private static String scaled(int parallelism) {
        return application(
                "flink:2.3",
                1,
                "running",
                "stateless",
                "{jobmanager.scheduler: adaptive" + Scenario.overrides(Map.of(VERTICES.getFirst(), parallelism)) + "}");
    }

    private static void holds(String before, String after, int plansAtLeast) {
        var world = Scenario.start();
        var ref = world.apply(before);
        world.converge(ref);
        world.apply(after);
        int seen = world.reports().size();
        world.converge(ref);

        var reports = world.reports().subList(seen, world.reports().size());
        var plans = PlanShapes.suffixes(reports, step -> !(step instanceof Step.Await));
        assertThat(plans).hasSizeGreaterThanOrEqualTo(plansAtLeast);
    }
}
