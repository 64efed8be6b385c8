package io.drey.engine;

import static io.drey.plugin.upgrades.Stateful.REF;
import static io.drey.testkit.FakeFlink.VERTICES;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.generation.FeatureSet;
import io.drey.core.port.KubernetesApi;
import io.drey.engine.Weather.Policy;
import io.drey.plugin.upgrades.Stateful;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.FlinkJobState;
import io.drey.testkit.Crash;
import io.drey.testkit.FakeFlink.Kept;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.FakeFlink.Start;
import io.drey.testkit.FakeStorage;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.PluginFaults;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One stateful job, from one seed: a user who edits, a Flink that fails, an API server that refuses, plugins that
 * break, and operators that die. Then everything gets well again, and what must hold is checked. The same seed gives the same
 * run.
 */
final class FaultyRun {
    private static final boolean TRACED = Boolean.getBoolean("drey.trace");
    private static final int EVENTS = 26;
    private static final Duration TO_SETTLE = Duration.ofMinutes(90);
    private static final int PASSES_TO_SETTLE = 400;
    private static final int LAUNCHES_TO_SETTLE = 4;

    /** After these there may be no job that runs. */
    private static final Set<Move> ENDS_A_JOB =
            EnumSet.of(Move.JOB_CHANGES_STATE, Move.JOB_MANAGER_DIES, Move.DEPLOYMENT_LOST);

    /** How long a launch that was tried counts as accepted. */
    private static final Duration ACCEPTED = Duration.ofSeconds(10);

    private static final List<Move> DICE = Stream.of(Move.values())
            .flatMap(move -> Stream.generate(() -> move).limit(move.weight))
            .toList();

    /** Keys that are read, each with its own kind of value. */
    private static final List<String> TYPED = List.of(
            "kubernetes.operator.resource.deletion.propagation",
            "kubernetes.operator.job.upgrade.last-state-fallback.enabled",
            "kubernetes.operator.job.upgrade.last-state.job-cancel.enabled",
            "kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age",
            "kubernetes.operator.deployment.readiness.timeout",
            "kubernetes.operator.deployment.rollback.enabled",
            "kubernetes.operator.job.restart.failed",
            "kubernetes.operator.job.savepoint-on-deletion",
            "kubernetes.operator.job.drain-on-savepoint-deletion",
            "kubernetes.operator.savepoint.format.type",
            "kubernetes.operator.cluster.health-check.enabled",
            "kubernetes.operator.cluster.health-check.restarts.threshold",
            "kubernetes.operator.cluster.health-check.restarts.window",
            "kubernetes.operator.jm-deployment-recovery.enabled",
            "execution.checkpointing.timeout",
            "web.refresh-interval",
            "rest.port",
            "taskmanager.numberOfTaskSlots");

    private final long seed;
    private final SplittableRandom random;
    private final Census census;
    private final Kept kept;
    private final String quorum;
    private final Stateful world;
    private final Simulation sim;
    private final Passes passes;
    private final PluginFaults plugins = new PluginFaults();
    private final Weather weather = new Weather();
    private final Set<Move> met = EnumSet.noneOf(Move.class);
    private final List<String> history = new ArrayList<>();
    private final Map<String, Wish> wishes = new HashMap<>();
    private final Set<String> begunWithPath = new HashSet<>();

    /** Jobs that were to begin empty while that was what the user wanted; once there is nothing left, no edit helps. */
    private final Set<String> toBeginEmpty = new HashSet<>();

    private final boolean calms;
    private Wish wish;
    private int images;
    private int nonces;
    private int checked;
    private boolean deleting;
    private String lastOperation = "";

    /** How many savepoints there were when a deletion with savepoint began; empty where none can be taken any more. */
    private Optional<Integer> owed = Optional.empty();

    private int traced;

    FaultyRun(long seed, FeatureSet features, UnaryOperator<KubernetesApi> port, Census census) {
        this.seed = seed;
        this.census = census;
        this.random = new SplittableRandom(seed);
        this.calms = random.nextInt(3) == 0;
        this.kept = Kept.values()[random.nextInt(3)];
        this.quorum = "zookeeper-" + seed + ":2181";
        this.sim = new Simulation(FeatureSets.disturbed(features, plugins), platform(), port);
        this.passes = new Passes(sim, REF);
        this.world = new Stateful(sim);
        this.wish = new Wish("flink:0", someMode(), "running", Map.of(VERTICES.get(0), 2), "", Optional.empty(), 0);
        sim.flink().givesUp(this::givenUp);
        sim.faults().disturb(weather);
        sim.kubernetes().admits(object -> weather.policy.flatMap(policy -> policy.refusal(object)));
        weather.whilePaused = this::anotherLeads;
        weather.meanwhile = this::mayArrive;
    }

    private FlinkConfig platform() {
        Map<String, String> keys = new TreeMap<>();
        if (kept != Kept.NOWHERE) {
            keys.put("high-availability.type", kept == Kept.CONFIG_MAPS ? "kubernetes" : "zookeeper");
            keys.put("high-availability.storageDir", "file:/ha");
            keys.put("high-availability.zookeeper.quorum", quorum);
            keys.put("kubernetes.operator.deployment.rollback.enabled", String.valueOf(random.nextInt(4) == 0));
        }
        keys.put("kubernetes.operator.job.restart.failed", String.valueOf(random.nextInt(3) == 0));
        keys.put("kubernetes.operator.cluster.health-check.enabled", String.valueOf(random.nextInt(3) == 0));
        history.add(keys.toString());
        return new FlinkConfig(keys);
    }

    /**
     * Runs it to its end.
     *
     * @throws AssertionError when something that must hold does not
     */
    void run() {
        Shipped.reach(quorum, sim.flink().zooKeeper());
        try {
            want(wish);
            world.converge();
            world.works();
            sim.flink().checkpoints("tests", "job");
            sim.cluster().lingers(random.nextInt(3));
            for (int i = 0; i < EVENTS; i++) {
                meet(DICE.get(random.nextInt(DICE.size())));
                pass();
                for (int calm = calms ? random.nextInt(5) : 0; calm > 0; calm--) {
                    pass();
                }
            }
            ends();
            census.add(met, passes.count(), sim.cluster().started().size());
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", history), e);
        } finally {
            Shipped.forget(quorum);
        }
    }

    // ---- moves

    private void meet(Move move) {
        met.add(move);
        if (ENDS_A_JOB.contains(move)) {
            owed = Optional.empty();
        }
        switch (move) {
            case EDIT -> want(edit(someMode(), "running"));
            case EDIT_STATELESS -> want(edit("stateless", "running"));
            case EDIT_TAKEN_BACK -> takesBack();
            case SUSPEND -> want(edit(someMode(), "suspended"));
            case INVALID_EDIT ->
                want(new Wish(
                        "flink:invalid-" + ++images,
                        wish.mode(),
                        wish.state(),
                        wish.overrides(),
                        "",
                        Optional.empty(),
                        0));
            case SCALE -> want(wish.scaled(parallelism()));
            case DELETE_AND_CREATE -> note("delete", this::delete);
            case JOB_WORKS -> note("works", world::works);
            case CHECKPOINT -> checkpoint();
            case JOB_MANAGER_DIES ->
                note("the JobManager dies", () -> sim.flink().crash("tests", "job", saved()));
            case JOB_MANAGER_IS_SILENT ->
                note("the JobManager is silent", () -> sim.flink().silent("tests", "job", true));
            case JOB_MANAGER_ANSWERS ->
                note("the JobManager answers", () -> sim.flink().silent("tests", "job", false));
            case JOB_MANAGER_STARTS_SLOWLY -> startsSlowly(random.nextInt(4), random.nextInt(4));
            case JOB_CHANGES_STATE -> becomes();
            case SAVEPOINTS_GO_OTHERWISE -> savepoints();
            case DEPLOYMENT_LOST -> note("the Deployment is deleted", this::deploymentLost);
            case METADATA_LOST -> note("the metadata is lost", () -> sim.flink().losesMetadata("tests", "job"));
            case ZOOKEEPER_UNREACHABLE -> {
                boolean now = random.nextInt(3) > 0;
                note("ZooKeeper answers: " + !now, () -> sim.flink().zooKeeper().unreachable(now));
            }
            case FLINK_REFUSES_RESCALES -> {
                int code = List.of(0, 400, 500, 503).get(random.nextInt(4));
                note("Flink answers " + code + " to rescales", () -> sim.flink().refusesToRescale(code));
            }
            case FLINK_LOSES_ANSWERS -> {
                int share = 2 + random.nextInt(3);
                note(
                        "answers of Flink are lost, one in " + share,
                        () -> sim.flink().loses(() -> random.nextInt(share) == 0));
            }
            case FLINK_VIEWS_ARE_OLD -> {
                int oldest = random.nextInt(6);
                note(
                        "views of Flink are up to " + oldest + " s old",
                        () -> sim.flink().viewsAreOld(() -> Duration.ofSeconds(random.nextInt(oldest + 1))));
            }
            case OPERATOR_DIES -> note("the operator dies", () -> restart(Duration.ZERO));
            case OPERATOR_DIES_AT_AN_EFFECT -> dies();
            case OPERATOR_PAUSED_WHILE_ANOTHER_LEADS -> {
                int effects = random.nextInt(3);
                note("the operator is paused in " + effects + " effects", () -> weather.pauseIn = effects);
            }
            case CLOCK_OF_THE_OPERATOR_IS_OFF -> {
                var ahead = Duration.ofSeconds(random.nextInt(-120, 300));
                note("an operator starts whose clock is off by " + ahead, () -> restart(ahead));
            }
            case API_SERVER_REFUSES -> refuses();
            case API_SERVER_ANSWERS_LATE -> {
                int times = 1 + random.nextInt(3);
                note(times + " requests arrive late", () -> weather.lateRequests = times);
            }
            case READS_FAIL -> {
                int code = List.of(0, 403, 429, 500).get(random.nextInt(4));
                int times = 1 + random.nextInt(6);
                note(times + " reads are answered " + code, () -> {
                    weather.failingReads = times;
                    weather.readCode = code;
                });
            }
            case POLICY_REFUSES_LAUNCHES -> {
                int code = List.of(0, 400, 403, 422).get(random.nextInt(4));
                note(
                        "a policy answers " + code + " to launches",
                        () -> weather.policy =
                                Optional.of(new Policy(code, sim.clock().instant())));
            }
            case ROLE_BINDING_LOST -> {
                boolean now = random.nextInt(3) > 0;
                note("the operator has no role here: " + now, () -> weather.forbidden = now);
            }
            case CACHE_IS_STALE ->
                note("the cache is stale", () -> sim.kubernetes().freeze());
            case CACHE_OF_A_KIND_LAGS -> {
                var kind = List.of(REF.kind(), "Deployment", "Pod").get(random.nextInt(3));
                note(
                        "the cache of " + kind + " lags",
                        () -> sim.kubernetes().cache().lags(kind));
            }
            case PLUGIN_FAILS -> pluginFails();
            case TYPING_ERROR -> {
                var key = TYPED.get(random.nextInt(TYPED.size()));
                want(new Wish(
                        "flink:typo-" + ++images,
                        someMode(),
                        "running",
                        wish.overrides(),
                        ", " + key + ": 'a typing error'",
                        Optional.empty(),
                        0));
            }
            case TIME_PASSES -> timePasses();
            case NAMESPACE_DELETED, USER_LETS_GO_OF_THE_SAVEPOINT, USER_NAMES_THE_STATE ->
                throw new IllegalArgumentException(move.toString());
        }
    }

    private void note(String what, Runnable happens) {
        history.add(what);
        happens.run();
    }

    private String someMode() {
        return random.nextBoolean() ? "savepoint" : "last-state";
    }

    private Wish edit(String mode, String state) {
        var keys = random.nextInt(6) == 0 ? ", kubernetes.operator.job.savepoint-on-deletion: 'true'" : "";
        return new Wish("flink:" + ++images, mode, state, wish.overrides(), keys, Optional.empty(), 0);
    }

    private void want(Wish wanted) {
        wish = wanted;
        wishes.put(wanted.image(), wanted);
        if (deleting) {
            history.add("for later: " + wanted);
            return;
        }
        note("edit " + wanted, () -> wanted.applyTo(world));
    }

    /** To what was wanted before, or to the same in another mode, before the edit is carried out. */
    private void takesBack() {
        var before = wish;
        var mode = List.of("savepoint", "last-state", "stateless", "stateless").get(random.nextInt(4));
        want(edit(mode, "running"));
        for (int times = random.nextInt(6); times > 0; times--) {
            pass();
        }
        if (random.nextBoolean()) {
            want(before);
        } else {
            want(edit(someMode(), "running"));
        }
    }

    private Map<String, Integer> parallelism() {
        Map<String, Integer> wanted = new TreeMap<>();
        wanted.put(VERTICES.get(0), 1 + random.nextInt(4));
        if (random.nextBoolean()) {
            wanted.put(VERTICES.get(1), 1 + random.nextInt(4));
        }
        return wanted;
    }

    private void delete() {
        if (sim.exists(REF)) {
            owed = owesSavepoint() ? Optional.of(sim.flink().storage().savepoints()) : Optional.empty();
            sim.delete(REF);
            deleting = sim.exists(REF);
            gone();
        }
    }

    /** Whether a job that runs, and that nothing is done about, is to be deleted with a savepoint. */
    private boolean owesSavepoint() {
        return wish.keys().contains("savepoint-on-deletion: 'true'")
                && settled(world.status())
                && sim.flink().readable("tests", "job").isPresent();
    }

    /** As soon as the resource is gone, the user creates it once more: a job that begins with nothing. */
    private void gone() {
        if (sim.exists(REF)) {
            return;
        }
        deleting = false;
        history.add("it is gone");
        if (owed.filter(before -> before == sim.flink().storage().savepoints()).isPresent()) {
            throw new AssertionError("was deleted without the savepoint that was asked for");
        }
        owed = Optional.empty();
        sim.flink().givesUp("tests", "job");
        if (!weather.terminating) {
            want(new Wish("flink:" + ++images, someMode(), "running", wish.overrides(), "", Optional.empty(), 0));
        }
    }

    /** A second request for the Deployment that arrived after this would start another JobManager, whatever the operator does. */
    private void deploymentLost() {
        sim.kubernetes().arrive();
        if (!saved()) {
            sim.flink().lost("tests", "job");
        }
        sim.kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "job"));
    }

    private void startsSlowly(int serving, int listing) {
        note(
                "JobManagers serve after " + serving + " turns, and list their job " + listing + " turns later",
                () -> sim.flink().startsSlowly(serving, listing));
    }

    /** None in the moment between the answer to a stop and the teardown: see decision 0011. */
    private void checkpoint() {
        if (!saved()) {
            note("a checkpoint", () -> sim.flink().checkpoints("tests", "job"));
        }
    }

    private void savepoints() {
        var how = Savepoints.values()[random.nextInt(Savepoints.values().length)];
        note("savepoints are " + how, () -> sim.flink().savepoints(how));
    }

    private void becomes() {
        var state = List.of("RESTARTING", "RUNNING", "RUNNING", "FAILED", "FINISHED")
                .get(random.nextInt(5));
        note("the job becomes " + state, () -> sim.flink().becomes("tests", "job", state));
    }

    private void dies() {
        int effect = sim.faults().effects() + random.nextInt(4);
        boolean before = random.nextBoolean();
        note(
                "the operator will die " + (before ? "before" : "after") + " effect " + effect,
                () -> sim.faults().crashAt(effect, before));
    }

    private void refuses() {
        weather.refusals = 1 + random.nextInt(3);
        weather.refusalCode = List.of(0, 403, 404, 409, 422, 429, 500, 503).get(random.nextInt(8));
        weather.refusedAfterTheEffect = random.nextBoolean();
        history.add("the API server answers " + weather.refusalCode + " to " + weather.refusals + " effects"
                + (weather.refusedAfterTheEffect ? ", which happen if they can" : ""));
    }

    private void pluginFails() {
        var point = List.of(
                        "AdmissionRule",
                        "Proposer",
                        "UpgradeStrategy",
                        "Deployer",
                        "Decorator",
                        "Gate",
                        "StatusPart",
                        "FactSource",
                        "StepHandler",
                        "ResourceKind")
                .get(random.nextInt(10));
        var kind = PluginFaults.Kind.values()[random.nextInt(PluginFaults.Kind.values().length)];
        int share = 1 + random.nextInt(4);
        note(
                "one in " + share + " calls of " + point + " " + kind,
                () -> plugins.fail((called, method, contribution) ->
                        called.equals(point) && random.nextInt(share) == 0 ? Optional.of(kind) : Optional.empty()));
    }

    private void timePasses() {
        var time = Duration.ofMinutes(List.of(1, 6, 10).get(random.nextInt(3)));
        note(time + " pass, and the cache is fresh", () -> {
            sim.clock().advance(time);
            sim.kubernetes().thaw();
            sim.kubernetes().arrive();
            passes.caughtUp();
        });
    }

    /** Requests that are under way may arrive between a read of the operator and what it does. */
    private void mayArrive() {
        if (random.nextInt(4) == 0) {
            sim.kubernetes().arrive();
        }
    }

    // ---- operators

    private void restart(Duration ahead) {
        sim.restart(ahead);
        passes.restarted();
    }

    /** While the operator is paused before an effect, another one leads. */
    private void anotherLeads() {
        var another = sim.another(sim.kubernetes().informers());
        for (int times = 1 + random.nextInt(6); times > 0; times--) {
            try {
                another.pass(REF);
            } catch (Crash crash) {
                history.add("the other operator dies " + crash.getMessage());
                return;
            }
            sim.cluster().settle();
            sim.clock().advance(Duration.ofMillis(random.nextInt(3000)));
        }
        history.add("another operator has led for a while");
    }

    private void pass() {
        try {
            passes.pass();
        } catch (Crash crash) {
            history.add("the operator dies " + crash.getMessage());
            restart(Duration.ZERO);
        }
        sim.cluster().settle();
        trace();
        sim.clock().advance(Duration.ofSeconds(1 + random.nextInt(5)));
        if (random.nextInt(6) == 0) {
            sim.kubernetes().arrive();
        }
        if (deleting) {
            gone();
        }
        notesWhatBeginsEmpty();
        holds();
    }

    /** With {@code -Ddrey.trace} the history shows what came of each pass. */
    private void trace() {
        if (!TRACED || !sim.exists(REF)) {
            return;
        }
        var status = world.status();
        var log = sim.kubernetes().log();
        history.add("    " + sim.clock().instant() + " " + log.subList(traced, log.size()) + " "
                + status.path("lifecycleState").asText() + " " + world.job() + " "
                + status.at("/jobStatus/upgradeSavepointPath").asText() + " "
                + status.path("jobManagerDeploymentStatus").asText() + " operation " + status.path("operation")
                + " waits: " + world.condition("Reconciling") + " stalled: " + world.condition("Stalled")
                + " error: " + status.path("error").asText() + " Flink: "
                + sim.flink().state("tests", "job"));
        traced = log.size();
    }

    // ---- laws

    private void notesWhatBeginsEmpty() {
        if (wish.stateless() && sim.exists(REF)) {
            var operation = world.status().path("operation");
            if (operation.at("/restore/mode").asText().equals("NONE")) {
                toBeginEmpty.add(operation.at("/results/jobId").asText());
            }
        }
    }

    /** Whether the user gave up newer state with the spec that starts. */
    private boolean givenUp(Start start) {
        var wanted = wishes.get(start.image());
        return wanted != null
                && (wanted.stateless()
                        // A job is brought back to start empty before the edit to that is carried out, or for a spec
                        // that cannot be carried out any more.
                        || wish.stateless()
                        || toBeginEmpty.contains(start.jobId())
                        || wanted.path().isPresent() && begunWithPath.add(start.image() + " " + start.jobId()));
    }

    /** Whether the operation has the path of what its stop saved. */
    private boolean saved() {
        return sim.exists(REF)
                && !world.status().at("/operation/results/savepoint").asText().isEmpty();
    }

    /** Every job began with the newest state that there was; {@link Simulation} itself fails when two run at once. */
    private void holds() {
        var begun = sim.flink().begun();
        for (; checked < begun.size(); checked++) {
            if (begun.get(checked).progress() < begun.get(checked).newest()) {
                throw new AssertionError("lost state: " + begun.get(checked));
            }
        }
        holdsWhatIsRefused();
        // Without high availability, a JobManager that dies begins with the parallelism of its launch.
        if (kept != Kept.NOWHERE && !asRecorded()) {
            throw new AssertionError("Flink was told " + sim.flink().requirements("tests", "job") + ", and recorded is "
                    + world.recorded());
        }
    }

    /** An edit is tried before anything is stopped for it. What was accepted a moment ago counts as accepted. */
    private void holdsWhatIsRefused() {
        if (!sim.exists(REF)) {
            return;
        }
        var operation = world.status().path("operation");
        boolean begins = lastOperation.isEmpty();
        lastOperation = operation.path("id").asText();
        if (weather.policy.isPresent()
                && begins
                && !met.contains(Move.CLOCK_OF_THE_OPERATOR_IS_OFF)
                && operation.path("cause").asText().equals("CHANGE")
                && operation.path("launch").asBoolean()
                && !operation.at("/stop/mode").asText().equals("NONE")
                && Instant.parse(operation.path("startedAt").asText())
                        .isAfter(weather.policy.get().since().plus(ACCEPTED))) {
            throw new AssertionError("stops a job for a launch that a policy refuses: " + operation);
        }
    }

    /** Whether a job that nothing is done about has the parallelism that is recorded. */
    private boolean asRecorded() {
        var bounds = sim.flink().requirements("tests", "job");
        if (bounds.isEmpty() || !sim.exists(REF)) {
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

    // ---- the end

    private void ends() {
        history.add("everything gets well");
        sim.faults().none();
        weather.clear();
        plugins.none();
        sim.kubernetes().thaw();
        sim.kubernetes().arrive();
        passes.caughtUp();
        sim.flink().loses(() -> false);
        sim.flink().savepoints(Savepoints.GOOD);
        sim.flink().silent("tests", "job", false);
        sim.flink().refusesToRescale(0);
        sim.flink().startsSlowly(0, 0);
        sim.flink().viewsAreOld(() -> Duration.ZERO);
        sim.flink().zooKeeper().unreachable(false);
        if (random.nextInt(4) > 0) {
            restart(Duration.ZERO);
        }
        if (random.nextInt(16) == 0) {
            met.add(Move.NAMESPACE_DELETED);
            history.add("the namespace is deleted");
            namespaceDeleted();
            return;
        }
        if (deleting && !until(() -> !deleting)) {
            letGo();
        }
        if (!wish.runs() || stopped() || random.nextInt(3) > 0) {
            sim.flink().becomes("tests", "job", "RUNNING");
            want(edit(someMode(), "running"));
        }
        int launches = sim.cluster().started().size();
        if (!settles()) {
            sim.flink().becomes("tests", "job", "RUNNING");
            checkpoint();
            if (!settles()) {
                mends();
            }
        }
        if (sim.cluster().started().size() > launches + LAUNCHES_TO_SETTLE) {
            throw new AssertionError("took " + (sim.cluster().started().size() - launches) + " launches to settle");
        }
        rescales();
    }

    /** A deletion waits for one thing only, and says how to do without. */
    private void letGo() {
        var waits = world.condition("Reconciling") + world.condition("Stalled");
        if (!waits.contains("savepoint-on-deletion")) {
            throw new AssertionError("is not deleted: " + world.status());
        }
        met.add(Move.USER_LETS_GO_OF_THE_SAVEPOINT);
        history.add("the user lets go: " + waits);
        owed = Optional.empty();
        new Wish(wish.image(), wish.mode(), wish.state(), wish.overrides(), "", Optional.empty(), 0).applyTo(world);
        if (!until(() -> !deleting)) {
            throw new AssertionError("is not deleted although the user did what it says: " + world.status());
        }
    }

    /** Whether the job stays as it is until the user edits the spec. */
    private boolean stopped() {
        return !world.status().has("operation") && ended() || world.lifecycle().equals("ROLLED_BACK");
    }

    private boolean ended() {
        return ended(world.job()) || ended(sim.flink().state("tests", "job"));
    }

    private static boolean ended(String state) {
        return new FlinkJobState(state).isGloballyTerminal();
    }

    private void namespaceDeleted() {
        weather.terminating = true;
        owed = Optional.empty();
        for (var kind : List.of("FlinkDeployment", "Deployment", "Service", "ConfigMap", "Pod")) {
            sim.kubernetes().peekAll(kind).forEach(object -> sim.kubernetes().userDeletes(ObjectKey.of(object)));
        }
        deleting = true;
        gone();
        if (!until(() -> !sim.exists(REF))) {
            letGo();
        }
    }

    /** When all is well, other parallelism of vertices costs no restart. */
    private void rescales() {
        int launches = sim.cluster().started().size();
        var before = wish;
        Map<String, Integer> more = new TreeMap<>(wish.overrides());
        more.replaceAll((vertex, parallelism) -> parallelism + 4);
        want(wish.scaled(more));
        for (int times = random.nextInt(5); times > 0; times--) {
            pass();
        }
        if (random.nextBoolean()) {
            want(before);
        }
        if (!settles()) {
            throw new AssertionError("does not rescale: " + world.status());
        }
        if (sim.cluster().started().size() != launches) {
            throw new AssertionError("a rescale restarted the job");
        }
    }

    private boolean settles() {
        return until(() -> settled(world.status()));
    }

    private interface Goal {
        boolean reached();
    }

    /** Passes only when the loop would run them: an operator that waits for nothing waits for ever. */
    private boolean until(Goal goal) {
        var end = sim.clock().instant().plus(TO_SETTLE);
        int last = passes.count() + PASSES_TO_SETTLE;
        while (sim.clock().instant().isBefore(end)) {
            if (passes.count() > last) {
                throw new AssertionError("too many passes: " + world.status());
            }
            if (passes.wanted()) {
                pass();
            } else {
                sim.cluster().settle();
                sim.clock().advance(Duration.ofSeconds(20));
                if (deleting) {
                    gone();
                }
            }
            if (goal.reached()) {
                return true;
            }
        }
        return false;
    }

    private boolean settled(JsonNode status) {
        return status.path("lifecycleState").asText().equals("STABLE")
                && sim.flink().state("tests", "job").equals("RUNNING")
                && sim.flink().image("tests", "job").equals(wish.image())
                && status.path("jobStatus").path("state").asText().equals("RUNNING")
                && !status.has("operation")
                && world.recorded().contains(wish.image() + "\"")
                && VERTICES.stream()
                        .allMatch(vertex -> recorded(vertex, wish.overrides().getOrDefault(vertex, 1)))
                && !status.at("/plugins/deployments").has("rescales")
                && asRecorded();
    }

    /** The operator refuses only where the newest state cannot be found, says so, and continues once the user names it. */
    private void mends() {
        met.add(Move.USER_NAMES_THE_STATE);
        var stalled = world.condition("Stalled") + world.condition("Reconciling");
        if (!stalled.contains("initialSavepointPath")) {
            throw new AssertionError("does not get on, and does not say what to do: " + world.status());
        }
        if (readable()) {
            throw new AssertionError("refuses although the newest state is readable: " + world.status());
        }
        history.add("the user mends: " + stalled);
        want(new Wish(
                "flink:" + ++images,
                someMode(),
                "running",
                wish.overrides(),
                "",
                Optional.of(sim.flink().storage().newest()),
                ++nonces));
        if (!settles()) {
            throw new AssertionError("does not get on although the user did what it says: " + world.status());
        }
    }

    /** Whether anything that the operator can reach tells where the newest state is. */
    private boolean readable() {
        var status = world.status();
        long newest = sim.flink().newest("tests", "job");
        return Stream.of(
                        sim.flink().readable("tests", "job"),
                        sim.flink().recoverable("tests", "job", world.jobId(), kept),
                        recordedEnd(status) ? at(status.at("/jobStatus/upgradeSavepointPath")) : Optional.<Long>empty(),
                        at(status.at("/operation/restore/path")),
                        at(status.at("/operation/results/savepoint")))
                .flatMap(Optional::stream)
                .anyMatch(progress -> progress >= newest);
    }

    /** Whether the status describes a job that had ended. Once a stop is over, it describes the stop. */
    private boolean recordedEnd(JsonNode status) {
        return ended(status.at("/jobStatus/state").asText())
                && !world.recorded().contains("\"state\":\"suspended\"")
                && List.of("", "RECORDED", "STOPPING")
                        .contains(status.at("/operation/phase").asText());
    }

    private Optional<Long> at(JsonNode path) {
        return sim.flink().storage().get(path.asText()).map(FakeStorage.Saved::progress);
    }
}
