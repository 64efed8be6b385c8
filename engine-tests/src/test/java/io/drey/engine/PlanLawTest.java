package io.drey.engine;

import static io.drey.plugin.upgrades.Scenario.application;
import static io.drey.testkit.FakeFlink.VERTICES;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Scenario;
import io.drey.spi.plan.Step;
import java.util.ArrayList;
import java.util.List;
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

        List<List<String>> plans = new ArrayList<>();
        for (var report : world.reports().subList(seen, world.reports().size())) {
            if (!report.plan().steps().isEmpty()) {
                plans.add(report.plan().steps().stream()
                        .filter(step -> !(step instanceof Step.Await))
                        .map(Step::target)
                        .toList());
            }
        }
        assertThat(plans).hasSizeGreaterThanOrEqualTo(plansAtLeast);
        for (int i = 1; i < plans.size(); i++) {
            var earlier = plans.get(i - 1);
            var later = plans.get(i);
            assertThat(earlier.subList(earlier.size() - later.size(), earlier.size()))
                    .as("plan %s after %s", later, earlier)
                    .isEqualTo(later);
        }
    }
}
