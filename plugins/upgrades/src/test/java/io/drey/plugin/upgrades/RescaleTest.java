package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Scenario.overrides;
import static io.drey.plugin.upgrades.Stateful.REF;
import static io.drey.testkit.FakeFlink.VERTICES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.engine.PlanReport.Action;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.fact.JobRequirements.Bounds;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.Simulation;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other parallelism of single vertices, while the job runs (F7). */
class RescaleTest {
    private static final String A = VERTICES.get(0);
    private static final String B = VERTICES.get(1);
    private static final String ADAPTIVE = "jobmanager.scheduler: adaptive";

    /** A job that runs under the adaptive scheduler, vertex a with 2, vertex b with its job's 1. */
    private static Stateful running() {
        return running(ADAPTIVE);
    }

    private static Stateful running(String keys) {
        var world = Stateful.running("savepoint", Ha.ON);
        world.apply("flink:2.3", "savepoint", "running", keys + overrides(Map.of(A, 2)));
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        return world;
    }

    private static void scale(Stateful world, Map<String, Integer> parallelism) {
        world.apply("flink:2.3", "savepoint", "running", ADAPTIVE + overrides(parallelism));
    }

    private static Map<String, Bounds> bounds(Stateful world) {
        return world.sim().flink().requirements("tests", "job");
    }

    private static int launches(Stateful world) {
        return world.sim().cluster().started().size();
    }

    private static Map<String, Bounds> bounds(int lowerA, int upperA, int lowerB, int upperB) {
        return Map.of(A, new Bounds(lowerA, upperA), B, new Bounds(lowerB, upperB));
    }

    @Test
    @Tag("S159")
    @DisplayName("other parallelism of single vertices is told to Flink, and recorded, and nothing restarts")
    void s159_rescaled_in_place() {
        var world = running();
        int launches = launches(world);
        var mode = world.recorded();
        int events = world.reasons().size();

        scale(world, Map.of(A, 4, B, 3));
        world.passUntil(status -> status.has("operation"));
        assertThat(world.status().at("/operation/cause").asText()).isEqualTo("RESCALE");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.converge();

        assertThat(bounds(world)).isEqualTo(bounds(1, 4, 1, 3));
        assertThat(launches(world)).isEqualTo(launches);
        assertThat(world.reconciliation()).isEqualTo("DEPLOYED");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.recorded()).contains(A + ":4").contains(B + ":3");
        assertThat(upgradeMode(world.recorded())).as("how the job was started").isEqualTo(upgradeMode(mode));
        assertThat(world.status().path("observedGeneration").asLong()).isEqualTo(3);
        assertThat(world.status().has("operation")).isFalse();
        assertThat(world.status().at("/plugins/deployments").has("rescales")).isFalse();
        assertThat(world.reasons().subList(events, world.reasons().size())).containsExactly("SpecChanged", "Scaling");
        assertThat(world.sim().flink().rescales()).isOne();
    }

    private static String upgradeMode(String recorded) {
        return recorded.replaceAll("(?s).*\"upgradeMode\":\"([^\"]*)\".*", "$1");
    }

    @Test
    @Tag("S159")
    @DisplayName(
            "what the upgrades before promised the job, and how long the last one took, is still known after a rescale")
    void s159_memory_stays() {
        var world = running();
        var before = world.status().at("/plugins/upgrades").deepCopy();
        scale(world, Map.of(A, 4));
        world.converge();
        assertThat(world.status().at("/plugins/upgrades")).isEqualTo(before);
    }

    /** Why a job is not rescaled in place. */
    enum Obstacle {
        OTHER_SCHEDULER("jobmanager.scheduler: default", world -> {}),
        NO_SCHEDULER("env.x: y", world -> {}),
        SWITCHED_OFF(ADAPTIVE + ", kubernetes.operator.job.upgrade.inplace-scaling.enabled: 'false'", world -> {}),
        OLD_FLINK(ADAPTIVE, world -> {}),
        ENDED_JOB(ADAPTIVE, world -> world.sim().flink().becomes("tests", "job", "FAILED")),
        SILENT_JOB_MANAGER(ADAPTIVE, world -> world.sim().flink().silent("tests", "job", true)),
        OTHER_CHANGE_TOO(ADAPTIVE, world -> {});

        private final String keys;
        private final Consumer<Stateful> comesTo;

        Obstacle(String keys, Consumer<Stateful> comesTo) {
            this.keys = keys;
            this.comesTo = comesTo;
        }
    }

    @ParameterizedTest
    @EnumSource(Obstacle.class)
    @Tag("S160")
    @DisplayName("where Flink, the job or the configuration does not allow it, the job is upgraded")
    void s160_upgraded(Obstacle obstacle) {
        var old = obstacle == Obstacle.OLD_FLINK;
        var world = old ? ofVersion("v1_17", Map.of(A, 2)) : running(obstacle.keys);
        int launches = launches(world);
        obstacle.comesTo.accept(world);
        world.converge();

        if (old) {
            world.sim().apply(version("v1_17", Map.of(A, 4)));
        } else {
            world.apply(
                    obstacle == Obstacle.OTHER_CHANGE_TOO ? "flink:2.4" : "flink:2.3",
                    "savepoint",
                    "running",
                    obstacle.keys + overrides(Map.of(A, 4)));
        }
        world.converge();

        assertThat(world.sim().flink().rescales()).isZero();
        assertThat(launches(world)).as("%s", world.status()).isEqualTo(launches + 1);
        assertThat(bounds(world)).isEqualTo(bounds(1, 4, 1, 1));
        assertThat(world.reasons()).doesNotContain("Scaling");
        assertThat(world.recorded()).contains(A + ":4");
        world.lostNothing();
    }

    private static Stateful ofVersion(String version, Map<String, Integer> parallelism) {
        var world = new Stateful(Scenario.start(Ha.ON));
        world.sim().apply(version(version, parallelism));
        world.converge();
        return world;
    }

    private static String version(String version, Map<String, Integer> parallelism) {
        return Scenario.application(
                        "flink:2.3",
                        1,
                        "running",
                        "last-state",
                        "{state.checkpoints.dir: 'file:/checkpoints', " + ADAPTIVE + overrides(parallelism) + "}")
                .replace("v2_3", version);
    }

    @Test
    @Tag("S160")
    @DisplayName("Flink 1.18 rescales in place")
    void s160_first_version() {
        var world = ofVersion("v1_18", Map.of(A, 2));
        world.sim().apply(version("v1_18", Map.of(A, 4)));
        world.converge();
        assertThat(world.sim().flink().rescales()).isOne();
        assertThat(launches(world)).isOne();
    }

    @Test
    @Tag("S161")
    @DisplayName("a vertex that has no parallelism of its own any more needs an upgrade")
    void s161_dropped() {
        var world = running();
        scale(world, Map.of(A, 2, B, 3));
        world.converge();
        int launches = launches(world);

        scale(world, Map.of(A, 4));
        world.converge();

        assertThat(world.sim().flink().rescales()).isOne();
        assertThat(launches(world)).isEqualTo(launches + 1);
        assertThat(bounds(world)).isEqualTo(bounds(1, 4, 1, 1));
        assertThat(world.status().has("error")).isFalse();
        assertThat(world.reasons()).doesNotContain("RescaleFailed", "Error");
        world.lostNothing();
    }

    @Test
    @Tag("S161")
    @DisplayName("a vertex that the job does not have is passed over, when it comes and when it goes")
    void s161_unknown() {
        var world = running();
        int launches = launches(world);
        var unknown = "c".repeat(32);

        scale(world, Map.of(A, 4, unknown, 7));
        world.converge();
        assertThat(bounds(world)).isEqualTo(bounds(1, 4, 1, 1));
        assertThat(world.recorded()).contains(unknown + ":7");

        scale(world, Map.of(A, 3));
        world.converge();
        assertThat(bounds(world)).isEqualTo(bounds(1, 3, 1, 1));
        assertThat(world.recorded()).doesNotContain(unknown);
        assertThat(launches(world)).isEqualTo(launches);
    }

    @Test
    @Tag("S162")
    @DisplayName("parallelism that the job has already is recorded, and neither set again nor told")
    void s162_there_already() {
        var world = running();
        int launches = launches(world);
        scale(world, Map.of(A, 2, B, 1));
        world.converge();

        assertThat(world.sim().flink().rescales()).isZero();
        assertThat(world.reasons()).doesNotContain("Scaling");
        assertThat(world.recorded()).contains(B + ":1");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(launches(world)).isEqualTo(launches);
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 4", "1, 1, 1"})
    @Tag("S163")
    @DisplayName("the lower bound stays when the upper one goes up")
    void s163_lower_bound_stays(int wanted, int lower, int upper) {
        var world = running();
        scale(world, Map.of(A, wanted));
        world.converge();
        assertThat(bounds(world).get(A)).isEqualTo(new Bounds(lower, upper));
    }

    @Test
    @Tag("S163")
    @DisplayName("the lower bound goes down with the upper one, and does not come up with it again")
    void s163_lower_bound_goes_down() {
        var world = running();
        world.sim().flink().requires("tests", "job", Map.of(A, new Bounds(2, 2)));
        scale(world, Map.of(A, 1));
        world.converge();
        assertThat(bounds(world).get(A)).isEqualTo(new Bounds(1, 1));
        scale(world, Map.of(A, 5));
        world.converge();
        assertThat(bounds(world).get(A)).isEqualTo(new Bounds(1, 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500})
    @Tag("S164")
    @DisplayName("a rescale that Flink refuses becomes an upgrade, once")
    void s164_refused(int code) {
        var world = running();
        int launches = launches(world);
        world.sim().flink().refusesToRescale(code);
        scale(world, Map.of(A, 4));
        world.converge();

        assertThat(launches(world)).isEqualTo(launches + 1);
        assertThat(bounds(world)).isEqualTo(bounds(1, 4, 1, 1));
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().has("error")).isFalse();
        assertThat(world.status().at("/plugins/deployments").has("rescales")).isFalse();
        assertThat(world.reasons()).contains("Error").doesNotContain("Scaling");
        world.lostNothing();

        world.sim().flink().refusesToRescale(0);
        scale(world, Map.of(A, 5));
        world.converge();
        assertThat(world.sim().flink().rescales()).isOne();
        assertThat(launches(world)).isEqualTo(launches + 1);
    }

    @Test
    @Tag("S164")
    @DisplayName("a refused rescale is not tried again while its upgrade waits")
    void s164_refused_while_the_upgrade_waits() {
        var world = new Stateful(Scenario.start(Ha.OFF));
        scale(world, Map.of(A, 2));
        world.converge();
        world.works();
        world.sim().flink().savepoints(Savepoints.FAILING);
        world.sim().flink().refusesToRescale(400);
        scale(world, Map.of(A, 4));
        world.pass(30);
        long asked = world.sim().reports().stream()
                .flatMap(report -> report.outcomes().keySet().stream())
                .filter(Step.Rescale.class::isInstance)
                .count();
        assertThat(asked).isOne();
        assertThat(launches(world)).isOne();
        assertThat(world.status().path("error").asText()).isNotEmpty();
    }

    @Test
    @Tag("S164")
    @DisplayName("a rescale without an answer is told again, and upgraded only when that does not help")
    void s164_no_answer() {
        var world = running();
        int launches = launches(world);
        int[] lost = {2};
        world.sim().flink().loses(() -> lost[0]-- > 0);
        scale(world, Map.of(A, 4));
        world.converge();
        assertThat(launches(world)).isEqualTo(launches);
        assertThat(world.recorded()).contains(A + ":4");
        assertThat(world.status().has("error")).isFalse();

        world.sim().flink().refusesToRescale(503);
        scale(world, Map.of(A, 5));
        world.pass(60);
        assertThat(launches(world)).as("Flink may only be electing").isEqualTo(launches);
        world.pass(100);
        assertThat(launches(world)).isEqualTo(launches + 1);
        assertThat(bounds(world).get(A)).isEqualTo(new Bounds(1, 5));
    }

    @Test
    @DisplayName("a rescale that is edited on its way comes to the newest spec, whatever Flink was told before")
    void f7_edited_on_the_way() {
        for (int passes = 0; passes < 8; passes++) {
            var world = running();
            int launches = launches(world);
            scale(world, Map.of(A, 4));
            world.pass(passes);
            scale(world, Map.of(A, 3));
            world.converge();
            assertThat(bounds(world)).as("after %s passes", passes).isEqualTo(bounds(1, 3, 1, 1));
            assertThat(world.recorded()).as("after %s passes", passes).contains(A + ":3");
            assertThat(launches(world)).as("after %s passes", passes).isEqualTo(launches);
            assertThat(world.status().at("/plugins/deployments").has("rescales"))
                    .isFalse();
        }
    }

    @Test
    @DisplayName(
            "a rescale that is taken back on its way leaves nothing of it, at the cost of an upgrade where it must")
    void f7_taken_back_on_the_way() {
        for (int passes = 0; passes < 8; passes++) {
            for (boolean crash : new boolean[] {false, true}) {
                var where = "after " + passes + " passes" + (crash ? ", a crash" : "");
                var world = running();
                scale(world, Map.of(A, 4, B, 3));
                for (int pass = 0; pass < passes; pass++) {
                    if (crash && pass == passes - 1) {
                        world.sim().faults().crashAt(world.sim().faults().effects(), false);
                    }
                    world.pass();
                }
                scale(world, Map.of(A, 2));
                world.converge();
                assertThat(bounds(world)).as(where).isEqualTo(bounds(1, 2, 1, 1));
                assertThat(world.recorded()).as(where).contains(A + ":2").doesNotContain(B);
                assertThat(world.lifecycle()).as(where).isEqualTo("STABLE");
                assertThat(world.status().at("/plugins/deployments").has("rescales"))
                        .as(where)
                        .isFalse();
                world.lostNothing();
            }
        }
    }

    @Test
    @DisplayName(
            "an invalid edit, and one that waits for approval, end a rescale on its way; the next valid one is carried out")
    void f7_withheld_on_the_way() {
        for (int passes = 0; passes < 8; passes++) {
            var world = running();
            int launches = launches(world);
            scale(world, Map.of(A, 4));
            world.pass(passes);
            world.apply("flink:invalid", "savepoint", "running", ADAPTIVE + overrides(Map.of(A, 4)));
            world.converge();
            assertThat(world.status().has("operation"))
                    .as("after %s passes", passes)
                    .isFalse();
            assertThat(launches(world)).as("after %s passes", passes).isEqualTo(launches);
            scale(world, Map.of(A, 2));
            world.converge();
            assertThat(bounds(world)).as("after %s passes", passes).isEqualTo(bounds(1, 2, 1, 1));
            assertThat(world.recorded()).as("after %s passes", passes).contains(A + ":2");
            assertThat(launches(world)).as("after %s passes", passes).isEqualTo(launches);
        }
    }

    @Test
    @DisplayName("a job that is deleted, suspended or upgraded in the middle of a rescale is so")
    void f7_other_operations_on_the_way() {
        for (int passes = 0; passes < 6; passes++) {
            var deleted = running();
            scale(deleted, Map.of(A, 4));
            deleted.pass(passes);
            deleted.sim().delete(REF);
            deleted.converge();
            assertThat(deleted.sim().exists(REF)).isFalse();

            var suspended = running();
            scale(suspended, Map.of(A, 4));
            suspended.pass(passes);
            suspended.apply("flink:2.3", "savepoint", "suspended", ADAPTIVE + overrides(Map.of(A, 4)));
            suspended.converge();
            assertThat(suspended.lifecycle()).isEqualTo("SUSPENDED");
            scale(suspended, Map.of(A, 6));
            suspended.converge();
            assertThat(bounds(suspended)).isEqualTo(bounds(1, 6, 1, 1));
            suspended.lostNothing();
        }
    }

    @Test
    @Tag("S159")
    @DisplayName("a plan says that the job is rescaled in place, to what, and that nothing is stopped")
    void f35_planned() {
        var world = running();
        var yaml = Scenario.application(
                "flink:2.3",
                1,
                "running",
                "savepoint",
                "{state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints', " + ADAPTIVE
                        + overrides(Map.of(A, 4)) + "}");
        assertThat(world.sim().plan(yaml).complete()).isFalse();
        world.sim().cluster().settle();

        var plan = world.sim().plan(yaml);

        assertThat(plan.complete()).isTrue();
        assertThat(plan.action()).isEqualTo(Action.RESCALE);
        assertThat(plan.action().text()).isEqualTo("rescale in place");
        assertThat(plan.downtime().seconds()).contains(0L);
        assertThat(plan.state()).isEmpty();
        assertThat(plan.steps())
                .singleElement()
                .extracting(step -> step.text())
                .isEqualTo("rescale job tests/job/" + world.jobId() + " to " + A + ": 1 to 4, " + B + ": 1 to 1");
    }

    @Test
    @Tag("S159")
    @DisplayName("a rescale is held for approval as other edits are")
    void f35_held() {
        var world = running();
        annotate(world.sim(), "drey.io/plan", "true");
        scale(world, Map.of(A, 4));
        world.converge();
        assertThat(bounds(world)).isEqualTo(bounds(1, 2, 1, 1));
        assertThat(world.condition("Reconciling")).contains("Plan: rescale in place: rescale job ");
        annotate(world.sim(), "drey.io/plan-approved", "3");
        world.converge();
        assertThat(bounds(world)).isEqualTo(bounds(1, 4, 1, 1));
    }

    private static void annotate(Simulation sim, String name, String value) {
        var key = new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name());
        var resource = (ObjectNode) sim.kubernetes().peek(key).orElseThrow();
        resource.withObject("/metadata/annotations").put(name, value);
        sim.kubernetes().put(resource);
    }

    @Test
    @Tag("S081")
    @Tag("S159")
    @DisplayName("a crash before or after any effect of a rescale, and a stale cache, change nothing in the end")
    void f7_crash_at_every_effect() {
        int effects = effects();
        assertThat(effects).isGreaterThan(3);
        for (int at = 0; at < effects; at++) {
            for (boolean before : new boolean[] {true, false}) {
                for (boolean stale : new boolean[] {true, false}) {
                    var where = "crash " + (before ? "before" : "after") + " effect " + at + (stale ? ", stale" : "");
                    var world = running();
                    scale(world, Map.of(A, 4));
                    world.sim().faults().crashAt(world.sim().faults().effects() + at, before);
                    if (stale) {
                        world.sim().kubernetes().freeze();
                        world.pass(3);
                        world.sim().kubernetes().thaw();
                    }
                    world.converge();
                    check(world, where);
                }
            }
        }
    }

    private static int effects() {
        var world = running();
        int from = world.sim().faults().effects();
        scale(world, Map.of(A, 4));
        world.converge();
        check(world, "no crash");
        return world.sim().faults().effects() - from;
    }

    private static void check(Stateful world, String where) {
        assertThat(bounds(world)).as(where).isEqualTo(bounds(1, 4, 1, 1));
        assertThat(launches(world)).as(where).isEqualTo(2);
        assertThat(world.recorded()).as(where).contains(A + ":4");
        assertThat(world.lifecycle()).as(where).isEqualTo("STABLE");
        assertThat(world.status().has("operation")).as(where).isFalse();
        assertThat(world.reasons()).as(where).contains("Scaling");
        assertThat(world.status().at("/plugins/deployments").has("rescales"))
                .as(where)
                .isFalse();
    }
}
