package io.drey.engine;

import static io.drey.plugin.upgrades.Stateful.REF;
import static io.drey.testkit.FakeFlink.VERTICES;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.generation.FeatureSet;
import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Scenario;
import io.drey.plugin.upgrades.Stateful;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.config.FlinkConfig;
import io.drey.testkit.Crash;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.Faults.Disturbance;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The life of one stateful job, from one seed: a user who edits, a Flink that fails, an API server that refuses, and
 * operators that die. Then everything gets well again, and what must hold is checked. The same seed gives the same life.
 */
final class FaultyRun {
    private static final int EVENTS = 30;

    private final long seed;
    private final SplittableRandom random;
    private final SplittableRandom scaling;
    /** Whether there is time between events, in which things come to their end. */
    private final boolean calms;

    private final Ha ha;
    private final Stateful world;
    private final Simulation sim;
    private final List<String> history = new ArrayList<>();
    private int images;
    private int nonces;
    private String mode;
    private String state = "running";
    private Map<String, Integer> overrides = Map.of(VERTICES.get(0), 2);
    private boolean frozen;

    FaultyRun(long seed, FeatureSet features) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.scaling = new SplittableRandom(~seed);
        this.calms = scaling.nextInt(4) == 0;
        this.ha = random.nextBoolean() ? Ha.ON : Ha.OFF;
        this.mode = random.nextBoolean() ? "savepoint" : "last-state";
        var keys = ha == Ha.ON
                ? Map.of("high-availability.type", "kubernetes", "high-availability.storageDir", "file:/ha")
                : Map.<String, String>of();
        this.sim = new Simulation(features, new FlinkConfig(keys));
        this.world = new Stateful(sim);
        history.add("ha " + ha + ", " + mode);
    }

    /**
     * Lives it.
     *
     * @throws AssertionError when something that must hold does not
     */
    void run() {
        try {
            apply("flink:" + images);
            world.converge();
            world.works();
            sim.flink().checkpoints("tests", "job");
            sim.cluster().lingers(random.nextInt(3));
            for (int i = 0; i < EVENTS; i++) {
                happens();
                scales();
                pass();
                for (int calm = calms ? scaling.nextInt(5) : 0; calm > 0; calm--) {
                    pass();
                }
            }
            getsWell();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", history), e);
        }
    }

    private void happens() {
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> edits("running");
            case 3 -> edits("suspended");
            case 4 -> tell("an invalid edit", () -> apply("flink:invalid"));
            case 5, 6, 7 -> tell("works", world::works);
            case 8, 9 -> tell("a checkpoint", () -> sim.flink().checkpoints("tests", "job"));
            case 10 -> tell("the JobManager dies", () -> sim.flink().crash("tests", "job"));
            case 11 -> tell("the JobManager is silent", () -> sim.flink().silent("tests", "job", true));
            case 12 -> tell("the JobManager answers", () -> sim.flink().silent("tests", "job", false));
            case 13 -> savepoints();
            case 14 -> becomes();
            case 15 -> tell("the operator dies", sim::restart);
            case 16, 17 -> dies();
            case 18, 19 -> refuses();
            case 20 -> {
                int share = 2 + random.nextInt(3);
                tell(
                        "answers of Flink are lost, one in " + share,
                        () -> sim.flink().loses(() -> random.nextInt(share) == 0));
            }
            case 21 -> stale();
            case 22 -> tell("a minute passes", () -> sim.clock().advance(Duration.ofMinutes(1)));
            default -> tell("ten minutes pass", () -> sim.clock().advance(Duration.ofMinutes(10)));
        }
    }

    private void tell(String what, Runnable happens) {
        history.add(what);
        happens.run();
    }

    private void edits(String wanted) {
        mode = random.nextBoolean() ? "savepoint" : "last-state";
        state = wanted;
        tell("edit " + ++images + " " + state + " " + mode, () -> apply("flink:" + images));
    }

    private void apply(String image) {
        apply(image, "");
    }

    private void apply(String image, String job) {
        world.apply(image, mode, state, "jobmanager.scheduler: adaptive" + Scenario.overrides(overrides), job);
    }

    private void scale(Map<String, Integer> wanted) {
        overrides = wanted;
        tell("scale to " + overrides, () -> apply("flink:" + images));
    }

    private Map<String, Integer> parallelism() {
        Map<String, Integer> wanted = new TreeMap<>();
        wanted.put(VERTICES.get(0), 1 + scaling.nextInt(4));
        if (scaling.nextBoolean()) {
            wanted.put(VERTICES.get(1), 1 + scaling.nextInt(4));
        }
        return wanted;
    }

    /** Other parallelism of vertices, with its own randomness: the same seed is the same life without it. */
    private void scales() {
        switch (scaling.nextInt(12)) {
            case 0, 1 -> scale(parallelism());
            case 2 -> {
                var before = overrides;
                scale(parallelism());
                for (int passes = 1 + scaling.nextInt(4); passes > 0; passes--) {
                    pass();
                }
                scale(before);
            }
            case 3 -> {
                int code = List.of(0, 400, 500, 503).get(scaling.nextInt(4));
                tell("Flink answers " + code + " to rescales", () -> sim.flink().refusesToRescale(code));
            }
            default -> {}
        }
    }

    private void savepoints() {
        var how = Savepoints.values()[random.nextInt(3)];
        tell("savepoints are " + how, () -> sim.flink().savepoints(how));
    }

    private void becomes() {
        var states = List.of("RESTARTING", "RUNNING", "RUNNING", "FAILED");
        var state = states.get(random.nextInt(states.size()));
        tell("the job becomes " + state, () -> sim.flink().becomes("tests", "job", state));
    }

    private void dies() {
        int effect = sim.faults().effects() + random.nextInt(4);
        boolean before = random.nextBoolean();
        tell(
                "the operator will die " + (before ? "before" : "after") + " effect " + effect,
                () -> sim.faults().crashAt(effect, before));
    }

    /** An API server that refuses, or whose answer is lost. */
    private void refuses() {
        int[] times = {1 + random.nextInt(3)};
        boolean happened = random.nextBoolean();
        int code = List.of(0, 409, 500, 503).get(random.nextInt(4));
        tell(
                "the API server answers " + code + " " + times[0] + " times, " + (happened ? "after" : "instead of")
                        + " the effect",
                () -> sim.faults().disturb((what, done) -> {
                    boolean kubernetes = !what.matches("(cancel|stop|rescale) .*");
                    // A conflict is never the answer to something that has happened.
                    if (kubernetes && done == (happened && code != 409) && times[0]-- > 0) {
                        throw new KubernetesError(code, "in the test");
                    }
                }));
    }

    private void stale() {
        frozen = !frozen;
        tell(frozen ? "the cache is stale" : "the cache is fresh", () -> {
            if (frozen) {
                sim.kubernetes().freeze();
            } else {
                sim.kubernetes().thaw();
            }
        });
    }

    private void pass() {
        try {
            sim.pass(REF);
        } catch (Crash crash) {
            history.add("the operator dies " + crash.getMessage());
            sim.restart();
        }
        sim.cluster().settle();
        sim.clock().advance(Duration.ofSeconds(1 + random.nextInt(5)));
        holds();
    }

    /** Every job began with the newest state that there was; {@link Simulation} itself fails when two run at once. */
    private void holds() {
        for (var begun : sim.flink().begun()) {
            if (begun.progress() < begun.newest()) {
                throw new AssertionError("lost state: " + begun);
            }
        }
        // Without high availability, a JobManager that dies begins with the parallelism of its launch.
        if (ha == Ha.ON && !asRecorded()) {
            throw new AssertionError("Flink was told " + sim.flink().requirements("tests", "job") + ", and recorded is "
                    + world.recorded());
        }
    }

    /** Whether a job that nothing is done about has the parallelism that is recorded. */
    private boolean asRecorded() {
        var bounds = sim.flink().requirements("tests", "job");
        if (bounds.isEmpty()) {
            return true;
        }
        var status = world.status();
        return status.has("operation")
                || status.at("/plugins/deployments").has("rescales")
                || !world.reconciliation().equals("DEPLOYED")
                || VERTICES.stream()
                        .allMatch(vertex -> recorded(vertex, bounds.get(vertex).upper()));
    }

    /** Whether this is the parallelism of a vertex by the recorded spec. */
    private boolean recorded(String vertex, int parallelism) {
        var recorded = world.recorded();
        return recorded.contains(vertex + ":" + parallelism) || parallelism == 1 && !recorded.contains(vertex + ":");
    }

    private void getsWell() {
        history.add("everything gets well");
        sim.faults().none();
        sim.faults().disturb(Disturbance.NONE);
        sim.kubernetes().thaw();
        sim.flink().loses(() -> false);
        sim.flink().savepoints(Savepoints.GOOD);
        sim.flink().silent("tests", "job", false);
        sim.flink().refusesToRescale(0);
        sim.flink().becomes("tests", "job", "RUNNING");
        state = "running";
        ++images;
        apply("flink:" + images);
        if (!settles()) {
            sim.flink().checkpoints("tests", "job");
            if (!settles()) {
                mends();
            }
        }
        rescales();
    }

    /** When all is well, other parallelism of vertices costs no restart. */
    private void rescales() {
        int launches = sim.cluster().started().size();
        var before = overrides;
        Map<String, Integer> more = new TreeMap<>(overrides);
        more.replaceAll((vertex, parallelism) -> parallelism + 4);
        scale(more);
        for (int passes = scaling.nextInt(5); passes > 0; passes--) {
            pass();
        }
        if (scaling.nextBoolean()) {
            scale(before);
        }
        if (!settles()) {
            throw new AssertionError("does not rescale: " + world.status());
        }
        if (sim.cluster().started().size() != launches) {
            throw new AssertionError("a rescale restarted the job");
        }
    }

    /** Within as many passes as half an hour has room for. */
    private boolean settles() {
        for (int passes = 0; passes < 60; passes++) {
            pass();
            sim.clock().advance(Duration.ofSeconds(25));
            if (settled(world.status())) {
                return true;
            }
        }
        return false;
    }

    private boolean settled(JsonNode status) {
        return status.path("lifecycleState").asText().equals("STABLE")
                && status.path("jobStatus").path("state").asText().equals("RUNNING")
                && !status.has("operation")
                && world.recorded().contains("flink:" + images + "\"")
                && VERTICES.stream().allMatch(vertex -> recorded(vertex, overrides.getOrDefault(vertex, 1)))
                && !status.at("/plugins/deployments").has("rescales")
                && asRecorded();
    }

    /** What cannot go on without the user must say so, and go on when the user has done what it says. */
    private void mends() {
        var stalled = world.condition("Stalled") + world.condition("Reconciling");
        if (!stalled.contains("initialSavepointPath")) {
            throw new AssertionError("does not get on, and does not say what to do: " + world.status());
        }
        tell(
                "the user mends: " + stalled,
                () -> apply(
                        "flink:" + ++images,
                        "initialSavepointPath: '" + sim.flink().storage().newest() + "', savepointRedeployNonce: "
                                + ++nonces));
        if (!settles()) {
            throw new AssertionError("does not get on although the user did what it says: " + world.status());
        }
    }
}
