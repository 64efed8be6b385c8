package io.drey.engine;

import static io.drey.plugin.upgrades.Stateful.REF;
import static io.drey.testkit.FakeFlink.VERTICES;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Scenario;
import io.drey.plugin.upgrades.Stateful;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.fact.JobRequirements.Bounds;
import io.drey.spi.plan.ObjectKey;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An upgrade by each strategy, in each state that job, JobManager and metadata can be in, with the operator ended before and
 * after each single effect. What cannot be upgraded without a loss is not touched, says what it needs, and goes on with it.
 */
class CrashMatrixTest {
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");

    enum Strategy {
        SAVEPOINT("savepoint", Ha.OFF),
        SAVEPOINT_WITH_HIGH_AVAILABILITY("savepoint", Ha.ON),
        LAST_STATE("last-state", Ha.ON),
        LAST_STATE_BY_CANCELLING("last-state", Ha.OFF),
        STATELESS("stateless", Ha.OFF),
        STATELESS_WITH_HIGH_AVAILABILITY("stateless", Ha.ON);

        final String mode;
        final Ha ha;

        Strategy(String mode, Ha ha) {
            this.mode = mode;
            this.ha = ha;
        }

        boolean keepsState() {
            return !mode.equals("stateless");
        }
    }

    enum State {
        RUNNING(world -> {}),
        FAILING(world -> becomes(world, "FAILING")),
        RESTARTING(world -> becomes(world, "RESTARTING")),
        RECONCILING(world -> {
            world.sim().flink().silent("tests", "job", true);
            world.pass(3);
        }),
        FINISHED(world -> becomes(world, "FINISHED")),
        FAILED(world -> becomes(world, "FAILED")),
        NEVER_STARTED(world -> {}),
        JOB_MANAGER_GONE(State::jobManagerGone),
        METADATA_MISSING(State::metadataMissing),
        JOB_MANAGER_AND_METADATA_GONE(world -> {
            jobManagerGone(world);
            metadataMissing(world);
        });

        private final Consumer<Stateful> comesTo;

        State(Consumer<Stateful> comesTo) {
            this.comesTo = comesTo;
        }

        private static void becomes(Stateful world, String state) {
            world.sim().flink().becomes("tests", "job", state);
            world.converge();
        }

        private static void jobManagerGone(Stateful world) {
            world.sim().kubernetes().userDeletes(DEPLOYMENT);
            world.sim().cluster().settle();
            world.converge();
        }

        private static void metadataMissing(Stateful world) {
            world.sim().kubernetes().peekAll("ConfigMap").stream()
                    .filter(map -> map.path("metadata").path("labels").has("configmap-type"))
                    .map(ObjectKey::of)
                    .forEach(world.sim().kubernetes()::vanish);
        }

        Stateful of(Strategy strategy) {
            var world = Stateful.running(strategy.mode, strategy.ha);
            if (this == NEVER_STARTED) {
                world.apply("flink:missing", strategy.mode);
                world.converge();
            }
            comesTo.accept(world);
            return world;
        }

        /** Whether the state can be had, with what this strategy has. */
        boolean upgrades(Strategy strategy) {
            return switch (this) {
                case RUNNING, FAILING, RESTARTING, FINISHED, FAILED, NEVER_STARTED, METADATA_MISSING -> true;
                case RECONCILING, JOB_MANAGER_GONE -> !strategy.keepsState() || strategy.ha == Ha.ON;
                case JOB_MANAGER_AND_METADATA_GONE -> !strategy.keepsState();
            };
        }
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(Strategy.values())
                .flatMap(strategy -> Arrays.stream(State.values()).map(state -> Arguments.of(strategy, state)));
    }

    @ParameterizedTest(name = "{0} x {1}")
    @MethodSource("cells")
    @Tag("S081")
    void a_crash_before_or_after_any_effect_changes_nothing_in_the_end(Strategy strategy, State state) {
        int effects = effects(strategy, state);
        assertThat(effects).isPositive();
        for (int at = 0; at < effects; at++) {
            for (boolean before : new boolean[] {true, false}) {
                var world = state.of(strategy);
                world.sim().faults().crashAt(world.sim().faults().effects() + at, before);
                upgrade(world, strategy);
                check(world, strategy, state, "crash " + (before ? "before" : "after") + " effect " + at);
            }
        }
    }

    private static int effects(Strategy strategy, State state) {
        var world = state.of(strategy);
        int from = world.sim().faults().effects();
        upgrade(world, strategy);
        int effects = world.sim().faults().effects() - from;
        check(world, strategy, state, "no crash");
        return effects;
    }

    private static void upgrade(Stateful world, Strategy strategy) {
        world.apply("flink:2.4", strategy.mode);
        world.converge();
    }

    private static void check(Stateful world, Strategy strategy, State state, String where) {
        if (!state.upgrades(strategy)) {
            untouched(world, where);
            mend(world, strategy, state);
        }
        assertThat(world.lifecycle()).as("%s: %s", where, world.status()).isEqualTo("STABLE");
        assertThat(world.recorded()).as(where).contains("flink:2.4");
        assertThat(world.status().has("operation")).as(where).isFalse();
        assertThat(world.sim().cluster().started()).as("launches, %s", where).hasSize(2);
        if (strategy.keepsState()) {
            world.lostNothing();
        } else {
            assertThat(world.lastBegun().checkpointId()).as(where).isEqualTo(-1);
        }
    }

    static Stream<Arguments> rescales() {
        return Arrays.stream(Strategy.values())
                .filter(Strategy::keepsState)
                .flatMap(strategy -> Stream.of(State.RUNNING, State.FAILING, State.RESTARTING)
                        .flatMap(state -> Stream.of(0, 400).map(code -> Arguments.of(strategy, state, code))));
    }

    @ParameterizedTest(name = "{0} x {1}, Flink answers {2}")
    @MethodSource("rescales")
    @Tag("S081")
    @Tag("S159")
    @Tag("S164")
    void a_crash_changes_nothing_of_a_rescale_or_of_the_upgrade_that_it_becomes(
            Strategy strategy, State state, int code) {
        int effects = rescale(strategy, state, code, -1, false);
        assertThat(effects).isGreaterThan(3);
        for (int at = 0; at < effects; at++) {
            rescale(strategy, state, code, at, true);
            rescale(strategy, state, code, at, false);
        }
    }

    /** @return how many effects it has had */
    private static int rescale(Strategy strategy, State state, int code, int at, boolean before) {
        var where = "crash " + (before ? "before" : "after") + " effect " + at;
        var world = Stateful.running(strategy.mode, strategy.ha);
        scale(world, strategy, 2);
        state.comesTo.accept(world);
        world.sim().flink().refusesToRescale(code);
        int from = world.sim().faults().effects();
        if (at >= 0) {
            world.sim().faults().crashAt(from + at, before);
        }
        scale(world, strategy, 4);
        int effects = world.sim().faults().effects() - from;
        if (code == 0) {
            // What the job did before goes on.
            world.sim().flink().becomes("tests", "job", "RUNNING");
            world.converge();
        }
        assertThat(world.lifecycle()).as("%s: %s", where, world.status()).isEqualTo("STABLE");
        assertThat(world.recorded()).as(where).contains(VERTICES.getFirst() + ":4");
        assertThat(world.status().has("operation")).as(where).isFalse();
        assertThat(world.status().at("/plugins/deployments").has("rescales"))
                .as(where)
                .isFalse();
        assertThat(world.sim().flink().requirements("tests", "job").get(VERTICES.getFirst()))
                .as(where)
                .isEqualTo(new Bounds(1, 4));
        assertThat(world.sim().cluster().started()).as("launches, %s", where).hasSize(code == 0 ? 2 : 3);
        world.lostNothing();
        return effects;
    }

    private static void scale(Stateful world, Strategy strategy, int parallelism) {
        world.apply(
                "flink:2.3",
                strategy.mode,
                "running",
                "jobmanager.scheduler: adaptive" + Scenario.overrides(Map.of(VERTICES.getFirst(), parallelism)));
        world.converge();
    }

    private static void untouched(Stateful world, String where) {
        assertThat(world.sim().cluster().started()).as("launches, %s", where).hasSize(1);
        assertThat(world.recorded()).as(where).contains("flink:2.3");
        assertThat(world.status().has("operation")).as(where).isFalse();
        assertThat(world.sim().flink().log()).as(where).isEmpty();
        assertThat(world.sim().exists(REF)).as(where).isTrue();
    }

    /** What is waited for happens, or the user does what the condition says. */
    private static void mend(Stateful world, Strategy strategy, State state) {
        if (state == State.RECONCILING) {
            assertThat(world.condition("Reconciling")).isNotEmpty();
            world.sim().flink().silent("tests", "job", false);
        } else {
            assertThat(world.condition("Stalled"))
                    .contains("initialSavepointPath")
                    .contains("savepointRedeployNonce");
            world.apply(
                    "flink:2.4",
                    strategy.mode,
                    "running",
                    "",
                    "initialSavepointPath: '" + world.sim().flink().storage().newest()
                            + "', savepointRedeployNonce: 1");
        }
        world.converge();
    }
}
