package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static io.drey.testkit.FakeFlink.VERTICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.engine.PlanReport;
import io.drey.core.engine.PlanReport.Action;
import io.drey.core.engine.PlanReport.Hold;
import io.drey.core.engine.PlanReport.Origin;
import io.drey.core.engine.PlannedStep;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.Gate;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Step;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planned is what is done (F35), and planning itself does nothing. */
class PlanTest {
    private static final long SEEDS = 1000;
    private static final ObjectKey KEY = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");

    /** Parallelism of single vertices under the adaptive scheduler: other, more and fewer of them. */
    private static final List<String> SCALED = Stream.of(
                    Map.of(VERTICES.get(0), 2, VERTICES.get(1), 2),
                    Map.of(VERTICES.get(0), 3, VERTICES.get(1), 2),
                    Map.of(VERTICES.get(0), 3, VERTICES.get(1), 1, "c".repeat(32), 5),
                    Map.of(VERTICES.get(0), 3))
            .map(overrides -> ", jobmanager.scheduler: adaptive" + Scenario.overrides(new TreeMap<>(overrides)))
            .toList();

    /** A situation and an edit, from a seed. */
    private record Case(Stateful world, String yaml, String tells) {}

    private static Case random(long seed) {
        var random = new SplittableRandom(seed);
        var ha = random.nextBoolean() ? Ha.ON : Ha.OFF;
        var scales = new SplittableRandom(~seed);
        var modes = List.of("savepoint", "last-state", "stateless");
        var before = modes.get(random.nextInt(3));
        var world = Stateful.running(before, ha);
        if (scales.nextBoolean()) {
            world.apply("flink:2.3", before, "running", SCALED.getFirst().substring(2));
            world.converge();
        }
        var tells = new StringBuilder("seed " + seed + ": ha " + ha + ", " + before);
        if (random.nextInt(3) == 0) {
            var state = List.of("RESTARTING", "FAILED", "FINISHED", "CANCELED").get(random.nextInt(4));
            world.sim().flink().becomes("tests", "job", state);
            world.converge();
            tells.append(", ").append(state);
        } else if (random.nextInt(6) == 0) {
            world.apply("flink:2.3", before, "suspended", "");
            world.converge();
            tells.append(", suspended");
        } else if (random.nextInt(8) == 0) {
            world.sim().kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "job"));
            world.sim().cluster().settle();
            world.converge();
            tells.append(", without JobManager");
        }
        var mode = modes.get(random.nextInt(3));
        var state = random.nextInt(6) == 0 ? "suspended" : "running";
        var image =
                List.of("flink:2.3", "flink:2.4", "flink:2.4", "flink:invalid").get(random.nextInt(4));
        var keys = "state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints'"
                + (random.nextInt(5) == 0
                        ? ", kubernetes.operator.job.upgrade.last-state.job-cancel.enabled: 'true'"
                        : "")
                + (random.nextInt(8) == 0 ? ", test.render-error: 'no'" : "");
        var parallelism = 1 + random.nextInt(2);
        if (scales.nextInt(3) == 0) {
            parallelism = 1;
            image = "flink:2.3";
            keys += SCALED.get(scales.nextInt(SCALED.size()));
            tells.append(", scaled");
        }
        var yaml = Scenario.application(image, parallelism, state, mode, "{" + keys + "}");
        if (random.nextInt(8) == 0) {
            yaml += "    initialSavepointPath: " + world.sim().flink().storage().newest()
                    + "\n    savepointRedeployNonce: 7\n";
            tells.append(", redeploy");
        }
        return new Case(
                world,
                yaml,
                tells.append(" -> " + image + " " + state + " " + mode).toString());
    }

    private static List<String> planned(PlanReport plan) {
        return plan.steps().stream()
                .filter(step -> !step.action().equals("await"))
                .map(step -> step.action() + " " + step.target())
                .toList();
    }

    /** Effects of the operation that the next pass records, until it ends. */
    private static List<String> carriedOut(Simulation sim) {
        int reported = sim.reports().size();
        List<String> effects = new ArrayList<>();
        boolean began = false;
        for (int passes = 0; passes < 60; passes++) {
            sim.step(REF, Duration.ofSeconds(1));
            var news = sim.reports().subList(reported, sim.reports().size());
            reported = sim.reports().size();
            for (var report : news) {
                report.outcomes().forEach((step, outcome) -> {
                    if (outcome instanceof Outcome.Done || step instanceof Step.StopJob stop && stop.bestEffort()) {
                        PlannedStep.of(step)
                                .filter(shown -> !shown.action().equals("await"))
                                .ifPresent(shown -> effects.add(shown.action() + " " + shown.target()));
                    }
                });
            }
            boolean runs = sim.status(REF).has("operation");
            if (began && !runs) {
                return effects;
            }
            began |= runs;
        }
        assertThat(began).as("never ended: %s", sim.status(REF)).isFalse();
        return effects;
    }

    @Test
    void f35_what_is_carried_out_is_what_was_shown() {
        var one = Long.getLong("drey.seed");
        if (one != null) {
            holds(one);
            return;
        }
        long acting =
                LongStream.range(0, SEEDS).parallel().filter(PlanTest::holds).count();
        assertThat(acting).as("cases in which something was to be done").isGreaterThan(SEEDS / 3);
    }

    /** Whether something was to be done, all of which was shown before. */
    private static boolean holds(long seed) {
        var one = random(seed);
        var sim = one.world().sim();
        int effects = sim.faults().effects();
        var plan = plan(one.world(), one.yaml());
        assertThat(sim.faults().effects()).as("%s: planning acted", one.tells()).isEqualTo(effects);

        int logged = sim.kubernetes().log().size();
        sim.apply(one.yaml());
        if (plan.action() == Action.NONE || !plan.holds().isEmpty()) {
            sim.pass(REF);
            sim.pass(REF);
            assertThat(sim.status(REF).has("operation"))
                    .as("%s: %s", one.tells(), plan)
                    .isFalse();
            return false;
        }
        var done = carriedOut(sim);
        assertThat(withoutWhatFlinkRemoved(planned(plan), done))
                .as("%s: %s", one.tells(), plan)
                .isEqualTo(done);
        // Beside what was reported, nothing was done to the cluster.
        assertThat(sim.kubernetes().log().subList(logged, sim.kubernetes().log().size()).stream()
                        .filter(PlanTest::ofTheCluster))
                .as(one.tells())
                .containsExactlyElementsOf(
                        done.stream().filter(PlanTest::ofTheCluster).toList());
        return true;
    }

    private static boolean ofTheCluster(String effect) {
        return effect.matches("(create|delete|patch|apply) .*");
    }

    /** Flink removes the metadata of a job that the plan ends, which leaves nothing of it to delete. */
    private static List<String> withoutWhatFlinkRemoved(List<String> shown, List<String> done) {
        boolean ends = shown.stream().anyMatch(step -> step.startsWith("cancel ") || step.startsWith("stopWith"));
        return ends
                ? shown.stream()
                        .filter(step -> !step.matches("(delete|patch) ConfigMap .*") || done.contains(step))
                        .toList()
                : shown;
    }

    private static PlanReport plan(Stateful world, String yaml) {
        world.sim().plan(yaml);
        world.sim().cluster().settle();
        return world.sim().plan(yaml);
    }

    private static String edited(String mode) {
        return Scenario.application(
                "flink:2.4",
                1,
                "running",
                mode,
                "{state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints'}");
    }

    @Test
    void f35_the_state_that_will_be_used_is_named_with_its_age() {
        var kept = Stateful.running("last-state", Ha.ON);
        kept.sim().clock().advance(Duration.ofSeconds(90));
        kept.pass();
        var state = plan(kept, edited("last-state")).state().orElseThrow();
        assertThat(state.origin()).isEqualTo(Origin.HIGH_AVAILABILITY);
        assertThat(state.checkpointId()).contains(1L);
        assertThat(state.ageSeconds().orElseThrow()).isBetween(90L, 95L);

        var cancelled = plan(Stateful.running("last-state", Ha.OFF), edited("last-state"));
        assertThat(cancelled.state().orElseThrow().origin()).isEqualTo(Origin.CHECKPOINT_OF_STOP);
        assertThat(cancelled.state().orElseThrow().checkpointId()).contains(1L);

        var saved = plan(Stateful.running("savepoint", Ha.OFF), edited("savepoint"));
        assertThat(saved.action()).isEqualTo(Action.RESTART);
        assertThat(saved.state().orElseThrow().path()).contains("<savepoint of the stop>");
        assertThat(saved.steps().getFirst().text())
                .startsWith("stop job tests/job/")
                .endsWith(" with a savepoint (CANONICAL) in file:/savepoints");

        assertThat(plan(Stateful.running("savepoint", Ha.OFF), edited("stateless")))
                .returns(Action.REDEPLOY, PlanReport::action)
                .extracting(plan -> plan.state().orElseThrow().from())
                .isEqualTo("nothing, it starts empty");
    }

    @Test
    void f35_downtime_is_what_was_measured_at_the_last_upgrade_and_else_not_known() {
        var world = Stateful.running("savepoint", Ha.OFF);
        assertThat(plan(world, edited("savepoint")).downtime().basis())
                .isEqualTo("not known: no upgrade was measured yet");
        world.sim().apply(edited("savepoint"));
        world.passUntil(status -> status.at("/plugins/upgrades/downtime").has("since"));
        world.sim().clock().advance(Duration.ofSeconds(40));
        world.converge();

        var downtime = plan(world, edited("savepoint").replace("2.4", "2.5")).downtime();

        assertThat(downtime.basis()).isEqualTo("measured at the last upgrade");
        assertThat(downtime.seconds().orElseThrow()).isBetween(40L, 50L);
        assertThat(world.status().at("/plugins/upgrades/downtime").has("since")).isFalse();
    }

    @Test
    void f35_what_is_in_the_way_is_told_with_the_plan() {
        var held = new Stateful(Scenario.start(new FeatureSets()
                .gate((start, situation) -> Optional.of(new Gate.Hold("a window opens at 18:00", Duration.ofHours(1)))
                        .filter(hold -> situation.deployed().isPresent()))));
        held.apply("flink:2.3", "savepoint");
        held.converge();
        var plan = plan(held, edited("savepoint"));
        assertThat(plan.holds()).containsExactly(new Hold("Waiting", "a window opens at 18:00"));
        assertThat(plan.action()).isEqualTo(Action.RESTART);
        assertThat(plan.steps()).isNotEmpty();

        var world = Stateful.running("savepoint", Ha.OFF);
        var invalid = plan(world, edited("savepoint").replace("2.4", "invalid"));
        assertThat(invalid.holds()).isNotEmpty();
        assertThat(invalid.action()).isEqualTo(Action.NONE);
        assertThat(invalid.changes()).extracting(PlanReport.Change::field).contains("image");

        var refused = plan(world, edited("savepoint").replace(", state.savepoints.dir: 'file:/savepoints'", ""));
        assertThat(refused.holds())
                .singleElement()
                .extracting(Hold::message)
                .asString()
                .startsWith("state.savepoints.dir in spec.flinkConfiguration is empty");
    }

    @Test
    void f35_secrets_are_not_shown_and_what_starts_nothing_is_shown_only_if_it_was_edited() {
        var world = Stateful.running("savepoint", Ha.OFF);
        var secret = "{state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints',"
                + " s3.secret-key: hunter2, env.java.opts.all: '-Dx.password=hunter2 -Dy=1',"
                + " web.upload.dir: 'https://user:hunter2@host/a?X-Signature=hunter2'}";
        var plan = plan(
                world,
                Scenario.application("flink:2.3", 1, "running", "savepoint", secret)
                        + "    args: ['--token', hunter2, '--dir', /x]\n");

        assertThat(plan.changes()).extracting(PlanReport.Change::field).contains("job.args");
        assertThat(plan.toString()).doesNotContain("hunter2").contains("-Dy=1", "/x");
        assertThat(plan.changes()).extracting(PlanReport.Change::field).doesNotContain("job.upgradeMode");

        var mode = plan(world, edited("last-state").replace("2.4", "2.3"));
        assertThat(mode.action()).isEqualTo(Action.NONE);
        assertThat(mode.changes()).extracting(PlanReport.Change::field).containsExactly("job.upgradeMode");
    }

    @Test
    void f35_a_resource_that_is_not_there_is_planned_as_its_first_deployment() {
        var sim = Scenario.start();
        var plan = sim.plan(edited("savepoint"));
        assertThat(plan.action()).isEqualTo(Action.DEPLOY);
        assertThat(plan.generation()).isEqualTo(1);
        assertThat(planned(plan))
                .containsExactly(
                        "create Deployment tests/job",
                        "create Service tests/job-rest",
                        "create ConfigMap tests/flink-config-job");
        assertThat(sim.faults().effects()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "apiVersion", "spec", "name", "parallelism"})
    void f35_a_manifest_that_cannot_be_planned_is_refused_by_field(String field) {
        var yaml = switch (field) {
            case "kind" -> edited("savepoint").replace("kind: FlinkDeployment", "kind: FlinkCluster");
            case "apiVersion" -> edited("savepoint").replace("v1beta1", "v1");
            case "spec" -> edited("savepoint").replaceAll("(?s)spec:.*", "spec: []\n");
            case "name" -> edited("savepoint").replace("name: job", "labels: {}");
            default -> edited("savepoint").replace("parallelism: 1", "parallelism: many");
        };
        var sim = Scenario.start();
        assertThatThrownBy(() -> sim.plan(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field)
                .hasMessageContaining("found");
    }

    // The annotation

    private static Stateful annotated() {
        var world = Stateful.running("savepoint", Ha.OFF);
        annotate(world, "drey.io/plan", "true");
        world.converge();
        return world;
    }

    private static void annotate(Stateful world, String name, String value) {
        var resource = (ObjectNode) world.sim().kubernetes().peek(KEY).orElseThrow();
        var annotations = resource.withObject("/metadata/annotations");
        if (value.isEmpty()) {
            annotations.remove(name);
        } else {
            annotations.put(name, value);
        }
        world.sim().kubernetes().put(resource);
    }

    private static List<Event> plannedEvents(Stateful world) {
        return world.sim().kubernetes().events().stream()
                .filter(event -> event.reason().equals("Planned"))
                .toList();
    }

    @Test
    void f35_an_annotated_edit_is_held_and_its_plan_told_once_until_it_is_approved() {
        var world = annotated();
        world.sim().apply(edited("savepoint"));
        world.converge();

        var shown = planned(plan(world, edited("savepoint")));
        assertThat(world.status().has("operation")).isFalse();
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.condition("Reconciling"))
                .startsWith("generation 2 is held by the annotation drey.io/plan. Plan: restart, state from a savepoint"
                        + " that the stop takes: stop job ")
                .contains("delete Deployment tests/job", "create Deployment tests/job")
                .endsWith("To let it through, set the annotation drey.io/plan-approved: \"2\", or remove drey.io/plan");
        assertThat(plannedEvents(world)).hasSize(1);

        int effects = world.sim().faults().effects();
        world.pass(5);
        assertThat(world.sim().faults().effects())
                .as("it costs nothing to wait")
                .isEqualTo(effects);

        annotate(world, "drey.io/plan-approved", "2");
        assertThat(carriedOut(world.sim())).isEqualTo(shown);
        world.converge();
        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.condition("Reconciling")).isEmpty();

        world.sim().apply(edited("savepoint").replace("2.4", "2.5"));
        world.converge();
        assertThat(world.recorded()).as("approval is for one generation").contains("flink:2.4");
        assertThat(plannedEvents(world)).hasSize(2);
        annotate(world, "drey.io/plan", "");
        world.converge();
        assertThat(world.recorded()).contains("flink:2.5");
        world.lostNothing();
    }

    @Test
    void f35_an_annotated_first_deployment_waits_too_and_false_holds_nothing() {
        var sim = Scenario.start();
        var yaml = edited("savepoint").replace("name: job", "name: job\n  annotations: {drey.io/plan: 'true'}");
        var ref = sim.apply(yaml);
        sim.converge(ref);
        assertThat(sim.cluster().started()).isEmpty();

        var other = Scenario.start();
        other.converge(other.apply(yaml.replace("'true'", "'false'")));
        assertThat(other.cluster().started()).hasSize(1);
    }

    @Test
    void f35_a_job_is_brought_back_while_its_edit_is_held() {
        var world = annotated();
        world.sim().apply(edited("savepoint"));
        world.converge();
        world.sim().flink().becomes("tests", "job", "CANCELED");
        world.converge();
        assertThat(world.status().has("operation")).isFalse();
        assertThat(world.recorded()).doesNotContain("flink:2.4");
    }

    @Test
    void f35_an_edit_that_is_held_does_not_turn_the_operation_that_runs() {
        for (int passes = 0; passes < 12; passes++) {
            var world = Stateful.running("savepoint", Ha.OFF);
            world.sim().apply(edited("savepoint"));
            world.pass(passes);
            annotate(world, "drey.io/plan", "true");
            world.sim().apply(edited("savepoint").replace("2.4", "2.5"));
            world.converge();
            assertThat(world.status().has("operation"))
                    .as("after %s passes", passes)
                    .isFalse();
            assertThat(world.recorded()).as("after %s passes", passes).doesNotContain("flink:2.5");
            assertThat(world.job()).as("after %s passes", passes).isEqualTo("RUNNING");
            annotate(world, "drey.io/plan", "");
            world.converge();
            assertThat(world.recorded()).as("after %s passes", passes).contains("flink:2.5");
            world.lostNothing();
        }
    }
}
