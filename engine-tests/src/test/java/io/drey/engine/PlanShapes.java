package io.drey.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.port.KubernetesError;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.operation.EffectId;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.Faults;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The plans of an operation, as the kind, the target and the effect of each step. */
final class PlanShapes {
    private PlanShapes() {}

    /** The law: with unchanged facts the plan of the next pass is a suffix of this one, and ends as this one does. */
    static List<List<String>> suffixes(List<ReconcileReport> reports, Predicate<Step> counts) {
        List<List<String>> plans = new ArrayList<>();
        for (var report : reports) {
            var plan = report.plan().steps().stream()
                    .filter(counts)
                    .map(PlanShapes::shape)
                    .toList();
            if (!plan.isEmpty()) {
                plans.add(plan);
            }
        }
        for (int i = 1; i < plans.size(); i++) {
            var earlier = plans.get(i - 1);
            var later = plans.get(i);
            assertThat(later.size()).as("plan %s after %s", later, earlier).isLessThanOrEqualTo(earlier.size());
            assertThat(earlier.subList(earlier.size() - later.size(), earlier.size()))
                    .as("plan %s after %s", later, earlier)
                    .isEqualTo(later);
        }
        return plans;
    }

    /** The law: a pass in which nothing has changed has the same plan, with the same ids and the same objects. */
    static void equalOverUnchangedFacts(Simulation world, ResourceRef ref) {
        int compared = 0;
        for (int passes = 0; passes < 20 && world.exists(ref); passes++) {
            // An operation is recorded, its phase, and the refusal.
            for (int i = 0; i < 3; i++) {
                refused(world, ref);
            }
            var before = world.status(ref).path("operation");
            var first = refused(world, ref);
            boolean unchanged = world.status(ref).path("operation").equals(before);
            var second = refused(world, ref);
            if (unchanged && !first.steps().isEmpty()) {
                compared++;
                assertThat(second.steps()).as("after pass %s", passes).isEqualTo(first.steps());
            }
            world.step(ref, Duration.ofSeconds(1));
        }
        assertThat(compared).as("plans with steps").isPositive();
    }

    /** The plan of a pass in which neither the API server nor Flink does anything, and nothing goes on after it. */
    private static Plan refused(Simulation world, ResourceRef ref) {
        int seen = world.reports().size();
        world.faults().disturb((effect, happened) -> {
            if (!happened && !effect.startsWith("status") && !effect.startsWith("event")) {
                throw new KubernetesError(503, "refused");
            }
        });
        world.flink().idle(true);
        try {
            world.pass(ref);
        } finally {
            world.flink().idle(false);
            world.faults().disturb(Faults.Disturbance.NONE);
        }
        var reports = world.reports();
        return reports.size() == seen ? Plan.EMPTY : reports.getLast().plan();
    }

    static String shape(Step step) {
        return step.getClass().getSimpleName() + " " + step.target()
                + effect(step).map(id -> " " + id.hex()).orElse("");
    }

    private static Optional<EffectId> effect(Step step) {
        return switch (step) {
            case Step.StopJob stop -> Optional.of(stop.effect());
            case Step.RunJob run -> Optional.of(run.effect());
            case Step.TriggerSnapshot trigger -> Optional.of(trigger.effect());
            case Step.DisposeSnapshot dispose -> Optional.of(dispose.effect());
            case Step.External external -> Optional.of(external.effect());
            case Step.Create create -> Optional.empty();
            case Step.Apply apply -> Optional.empty();
            case Step.Patch patch -> Optional.empty();
            case Step.Delete delete -> Optional.empty();
            case Step.Rescale rescale -> Optional.empty();
            case Step.EmitEvent event -> Optional.empty();
            case Step.Await await -> Optional.empty();
            case Step.Keep keep -> Optional.empty();
            case Step.ReleaseFinalizer release -> Optional.empty();
        };
    }
}
