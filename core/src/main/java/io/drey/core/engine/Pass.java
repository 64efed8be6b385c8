package io.drey.core.engine;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.config.FlinkConfigs;
import io.drey.core.config.OperatorConfig;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.PluginFailure;
import io.drey.core.loop.Requeue;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.core.port.ResourceCache;
import io.drey.spi.AdmissionRule.AdmissionRequest;
import io.drey.spi.AdmissionRule.Effect;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Decorator;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.ResourceKind;
import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.SpecDiff;
import io.drey.spi.StatusPart;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.Reading;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over one resource: see the numbered steps of {@link #run}. */
final class Pass<R extends CustomResource> {
    private static final Logger LOG = LoggerFactory.getLogger(Pass.class);
    private static final String CANARY = "flink.apache.org/canary";
    private static final String JOB_NOT_FOUND = "JobNotFound";
    private static final String JOB_NOT_READY = "JobNotReady";
    private static final int MAX_DEMANDS = 8;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration FIRST_TRIES = Duration.ofSeconds(15);
    private static final Duration SOONEST = Duration.ofMillis(100);

    /** The longest pause between two tries of what somebody else has to allow. */
    private static final Duration REFUSED_LIMIT = Duration.ofMinutes(5);

    /** Everything outside of the pass. */
    record World(
            ResourceCache cache,
            KubernetesApi kubernetes,
            FlinkApi flink,
            FlinkConfigs configs,
            OwnWrites ownWrites,
            BackOffs backOffs,
            LaunchTrials trials,
            Consumer<ReconcileReport> reports,
            Consumer<Failure> problems,
            Namesakes namesakes) {}

    private final ResourceKind<R> kind;
    private final CustomResource loaded;
    private final FeatureSet features;
    private final World world;
    private final Clock clock;
    private final String freshId;
    private final Duration retryLimit;
    private final Instant began;
    private final Decider decider;
    private final Planner planner;
    private final FactReader facts;

    /** Whether something was decided by what no watch and no poll tells of. */
    private boolean readOnDemand;

    /** What the pass has come to. */
    private record Result(
            Plan plan,
            Map<Step, Outcome> outcomes,
            Optional<Operation> after,
            boolean ended,
            Optional<Failure> problem,
            Optional<String> waiting,
            Optional<Duration> wake,
            List<Event> events,
            Beside beside) {}

    /**
     * What came of the work beside an operation.
     *
     * @param wake when some of it is due again
     */
    private record Beside(List<Failure> failures, Optional<Duration> wake) {
        static final Beside NOTHING = new Beside(List.of(), Optional.empty());
    }

    Pass(
            ResourceKind<R> kind,
            CustomResource loaded,
            FeatureSet features,
            World world,
            Clock clock,
            String freshId,
            Duration retryLimit) {
        this.kind = kind;
        this.loaded = loaded;
        this.features = features;
        this.world = world;
        this.clock = clock;
        this.freshId = freshId;
        this.retryLimit = retryLimit;
        this.began = clock.instant();
        var anyKind = Pass.<CustomResource>kindOf(kind);
        this.decider = new Decider(
                features,
                anyKind,
                new Launches(features, world.configs(), anyKind),
                world.backOffs().resting(loaded.ref(), began));
        this.planner = new Planner(features, decider);
        this.facts = new FactReader(
                features.factSources(), world.cache(), world.kubernetes(), world.flink(), clock, world.namesakes());
    }

    /** The kind of a resource, typed: the registry knows it by name only. */
    @SuppressWarnings("unchecked")
    static <T extends CustomResource> ResourceKind<T> kindOf(ResourceKind<?> kind) {
        return (ResourceKind<T>) kind;
    }

    /** Runs the pass. Of plugins only that of the kind can end it: what the others do is contained where they are called. */
    Requeue run() {
        try {
            return contained();
        } catch (PluginFailure e) {
            LOG.warn("The pass ends: {}", e.getMessage());
            tell(Event.warning("Operator", Unplannable.PLUGIN_FAILED, String.valueOf(e.getMessage()))
                    .onceFor(Unplannable.PLUGIN_FAILED + " " + e.pluginId() + " "
                            + loaded.metadata().generation()));
            return Requeue.backOff(retryLimit);
        }
    }

    private Requeue contained() {
        if (canary()) {
            return canaryPass();
        }
        // 1 to 4: what is known, and the spec to work with
        List<String> failed = new ArrayList<>();
        var situation = observe(failed);
        if (leftAlone(situation)) {
            situation.violations().stream()
                    .filter(violation -> violation.effect() == Effect.LEAVE_ALONE)
                    .findFirst()
                    .ifPresent(violation -> tell(Event.warning("Operator", violation.reason(), violation.eventText())
                            .onceFor(
                                    violation.reason() + " " + loaded.metadata().generation())));
            return Requeue.none();
        }
        // 5 and 6: one decision
        Decision decision;
        Optional<Failure> unplannable = Optional.empty();
        try {
            var decided = decide(situation, failed);
            situation = decided.situation();
            decision = decided.decision();
        } catch (Unplannable e) {
            unplannable = Optional.of(e.failure());
            decision = Decision.Rest.problem(e.failure());
        }
        if (mustClaim(decision) && claim()) {
            return Requeue.now();
        }
        // 7: record, or act
        var result = carryOut(decision, situation, unplannable);
        // 8 to 10
        return conclude(situation, result);
    }

    /**
     * What {@link #run} would begin, as far as what is known in memory tells. Does nothing, and reads nothing live but what a
     * decorator of the spec needs.
     */
    Trial trial() {
        if (canary()) {
            return Trial.NOTHING;
        }
        List<String> failed = new ArrayList<>();
        var observed = observe(failed);
        if (leftAlone(observed)) {
            return Trial.NOTHING;
        }
        Optional<String> orphaned = Optional.empty();
        try {
            var known = LaunchTrial.passedOver(inferred(observed, failed));
            orphaned = known.operation()
                    .map(Operation::deployer)
                    .filter(deployer -> !features.deployers().containsKey(deployer));
            var begun = decider.decide(known, broken(failed)) instanceof Decision.Record record
                            && known.operation().isEmpty()
                    ? Optional.of(record.operation().cause())
                    : Optional.<Operation.Cause>empty();
            return new Trial(begun, orphaned, Optional.empty());
        } catch (MissingFact | Unplannable e) {
            return new Trial(Optional.empty(), orphaned, Optional.empty());
        } catch (RuntimeException e) {
            return new Trial(Optional.empty(), orphaned, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    /**
     * What {@link #run} would begin or go on with, and how. Reads what a decision needs, and does nothing.
     *
     * @param live the resource as it is in the cluster, if this is another spec for it
     */
    PlanReport plan(Optional<R> live) {
        List<String> failed = new ArrayList<>();
        var observed = observe(failed);
        if (canary() || leftAlone(observed)) {
            return planner.report(Decision.Rest.IDLE, observed, SpecDiff.NONE, Optional.empty());
        }
        try {
            return knowing(observed, situation -> {
                var known = inferred(situation, failed);
                var decision = decider.decide(known, broken(failed));
                return planner.report(decision, withCheckpoints(known), shown(known, live), Optional.empty());
            });
        } catch (Unplannable e) {
            return planner.report(Decision.Rest.IDLE, observed, shown(observed, live), Optional.of(e.failure()));
        }
    }

    /** How old the state is that would be used is for people only: nothing is decided by it. */
    private PassSituation withCheckpoints(PassSituation situation) {
        return situation.facts().find(FlinkJobs.TYPE).isPresent()
                        && situation.facts().find(JobCheckpoints.TYPE).isEmpty()
                ? situation.with(facts.demanded(JobCheckpoints.TYPE, situation))
                : situation;
    }

    /**
     * What an edit changes against what is deployed. The record of what is deployed differs from what was asked for in
     * fields that start nothing, of which only those are shown that the edit is about.
     */
    private SpecDiff shown(PassSituation situation, Optional<R> live) {
        @SuppressWarnings("unchecked")
        var wanted = (R) loaded;
        var deployed = kind.deployed(wanted);
        if (deployed.isEmpty()) {
            return SpecDiff.NONE;
        }
        var against = situation.violations().isEmpty() ? situation.diff() : kind.specDiff(deployed.get(), wanted);
        var edited = live.map(before -> kind.specDiff(before, wanted)).orElse(SpecDiff.NONE).changes().stream()
                .map(SpecDiff.Change::field)
                .toList();
        return new SpecDiff(against.changes().stream()
                .filter(change -> change.type() != SpecDiff.Type.IGNORE || edited.contains(change.field()))
                .toList());
    }

    private boolean canary() {
        return "true".equals(loaded.metadata().labels().get(CANARY));
    }

    private Requeue canaryPass() {
        var finalizer = kind.type().finalizer().filter(loaded.metadata().finalizers()::contains);
        if (finalizer.isPresent() && loaded.metadata().deletionTimestamp().isPresent()) {
            executor().carryOut(List.of(new Step.ReleaseFinalizer(finalizer.get())));
        }
        return Requeue.none();
    }

    private PassSituation observe(List<String> failed) {
        @SuppressWarnings("unchecked")
        var typed = (R) loaded;
        var deployed = kind.deployed(typed);
        var written = world.configs().effective(kind.configuration(typed));
        var wanted = decorated(typed, deployed, written, failed);
        var config = wanted.equals(typed) ? written : world.configs().effective(kind.configuration(wanted));
        var violations = check(wanted, deployed, config, failed);
        Optional<R> admitted = violations.isEmpty() ? Optional.of(wanted) : deployed;
        var diff = admitted.isPresent() && deployed.isPresent()
                ? diff(deployed.get(), admitted.get(), failed)
                : SpecDiff.NONE;
        var deployedConfig = deployed.map(spec -> observeConfig(spec, config)).orElse(config);
        var situation = new PassSituation(
                loaded,
                admitted.map(CustomResource.class::cast),
                deployed.map(CustomResource.class::cast),
                kind.stable(typed).map(CustomResource.class::cast),
                diff,
                violations,
                kind.operation(typed),
                Facts.NONE,
                violations.isEmpty() ? config : deployedConfig,
                deployedConfig,
                began,
                freshId,
                features,
                target -> targetConfig(target, config));
        return situation.with(facts.routine(situation));
    }

    private SpecDiff diff(R deployed, R admitted, List<String> failed) {
        try {
            return kind.specDiff(deployed, admitted);
        } catch (PluginFailure e) {
            failed.add(String.valueOf(e.getMessage()));
            return SpecDiff.NONE;
        }
    }

    /** Flink's keys as deployed, the operator's keys as they are now. */
    private FlinkConfig observeConfig(R deployed, FlinkConfig current) {
        return world.configs()
                .effective(kind.configuration(deployed))
                .filter(key -> !operatorKey(key))
                .with(current.filter(Pass::operatorKey));
    }

    private FlinkConfig targetConfig(CustomResource target, FlinkConfig current) {
        @SuppressWarnings("unchecked")
        var typed = (R) target;
        return observeConfig(typed, current);
    }

    private static boolean operatorKey(String key) {
        return key.startsWith("kubernetes.operator.") || key.startsWith("job.autoscaler.");
    }

    private R decorated(R resource, Optional<R> deployed, FlinkConfig config, List<String> failed) {
        CustomResource decorated = resource;
        for (var decorator : features.decorators(kind.type().kind(), Decorator.Phase.SPEC)) {
            var bare = new PassSituation(
                    resource,
                    Optional.of(decorated),
                    deployed.map(CustomResource.class::cast),
                    Optional.empty(),
                    SpecDiff.NONE,
                    List.of(),
                    kind.operation(resource),
                    Facts.NONE,
                    config,
                    config,
                    began,
                    freshId,
                    features,
                    target -> config);
            try {
                var undecorated = decorated;
                decorated = knowing(bare, situation -> decorator.decorate(undecorated, situation));
            } catch (Unplannable e) {
                failed.add(e.failure().message());
            } catch (RuntimeException e) {
                failed.add(String.valueOf(e.getMessage()));
            }
        }
        @SuppressWarnings("unchecked")
        var typed = (R) decorated;
        return typed;
    }

    private List<Violation> check(R wanted, Optional<R> deployed, FlinkConfig config, List<String> failed) {
        List<Violation> violations = new ArrayList<>();
        var own = kind.configuration(wanted);
        var platform =
                world.configs().effective(new ConfigRequest(own.namespace(), own.flinkVersion(), FlinkConfig.EMPTY));
        var request = new AdmissionRequest(wanted, deployed, config, platform, Optional.of(this::related));
        for (var rule : features.admissionRules()) {
            try {
                violations.addAll(rule.check(request));
            } catch (RuntimeException e) {
                failed.add(String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(violations);
    }

    private Optional<CustomResource> related(ResourceRef ref) {
        return Optional.ofNullable(features.kinds().get(ref.kind()))
                .flatMap(other -> world.cache().resource(ref, other));
    }

    private boolean leftAlone(PassSituation situation) {
        return situation.deployed().isEmpty()
                && situation.operation().isEmpty()
                && !situation.deleting()
                && situation.violations().stream().anyMatch(violation -> violation.effect() == Effect.LEAVE_ALONE);
    }

    private record Decided(Decision decision, PassSituation situation) {}

    private Decided decide(PassSituation observed, List<String> failed) {
        return knowing(observed, situation -> {
            var known = inferred(situation, failed);
            return new Decided(announced(decider.decide(known, broken(failed)), known), known);
        });
    }

    private PassSituation inferred(PassSituation situation, List<String> failed) {
        if (situation.operation().isPresent()) {
            return situation;
        }
        try {
            return situation.with(kind.infer(situation));
        } catch (PluginFailure e) {
            failed.add(String.valueOf(e.getMessage()));
            return situation;
        }
    }

    /** Says what is held for approval, once for each plan. */
    private Decision announced(Decision decision, PassSituation situation) {
        if (!(decision instanceof Decision.Rest rest)
                || rest.held().isEmpty()
                || !PlanHold.holds(situation.resource())) {
            return decision;
        }
        var summary = Planner.summary(
                planner.report(decision, situation, shown(situation, Optional.empty()), Optional.empty()));
        boolean told = situation.resource() instanceof FlinkResource flink
                && flink.status().conditions().stream()
                        .anyMatch(condition -> condition.message().contains(summary));
        List<Event> events = new ArrayList<>(rest.events());
        if (!told) {
            events.add(Event.normal("Operator", "Planned", summary).onceFor("Planned: " + summary));
        }
        return rest.telling(summary + ". " + PlanHold.mend(situation.resource()), events);
    }

    /** Applies something to what is known; a fact that is missing is read, and it is applied again. */
    private <T> T knowing(PassSituation observed, Function<PassSituation, T> use) {
        var situation = observed;
        for (int demands = 0; ; demands++) {
            try {
                return use.apply(situation);
            } catch (MissingFact missing) {
                if (demands >= MAX_DEMANDS || situation.facts().reading(missing.type()) instanceof Reading.Failed<?>) {
                    var why = situation.facts().reading(missing.type()) instanceof Reading.Failed<?> read
                            ? read.why()
                            : missing.getMessage();
                    throw new Unplannable(ErrorKind.EXTERNAL, "FactMissing", String.valueOf(why));
                }
                readOnDemand = true;
                situation = situation.with(facts.demanded(missing.type(), situation));
            } catch (Untried untried) {
                if (demands >= MAX_DEMANDS) {
                    throw new Unplannable(ErrorKind.INTERNAL, "LaunchUntried", String.valueOf(untried.getMessage()));
                }
                var verdict = world.trials().of(untried, loaded, world.kubernetes(), clock.instant());
                situation = LaunchTrial.known(situation, untried.operation().target(), verdict);
            }
        }
    }

    private static Optional<Failure> broken(List<String> failed) {
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(
                        ErrorKind.INTERNAL, Unplannable.PLUGIN_FAILED, String.join("; ", new TreeSet<>(failed))));
    }

    /** An operation may only run on a resource that cannot vanish under it. */
    private boolean mustClaim(Decision decision) {
        return decision instanceof Decision.Record
                && loaded.metadata().deletionTimestamp().isEmpty()
                && kind.type().finalizer().isPresent()
                && !loaded.metadata()
                        .finalizers()
                        .contains(kind.type().finalizer().get());
    }

    private boolean claim() {
        var finalizers = new ArrayList<>(loaded.metadata().finalizers());
        finalizers.add(kind.type().finalizer().orElseThrow());
        var sent = clock.instant();
        var claimed = world.kubernetes().replaceFinalizers(loaded, finalizers);
        claimed.ifPresent(now -> world.ownWrites().note(loaded, now, sent));
        return true;
    }

    private Executor executor() {
        return new Executor(world.kubernetes(), world.flink(), features, clock, loaded);
    }

    private Result carryOut(Decision decision, PassSituation situation, Optional<Failure> unplannable) {
        return switch (decision) {
            case Decision.Record record ->
                new Result(
                        Plan.EMPTY,
                        Map.of(),
                        Optional.of(record.operation()),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ZERO),
                        record.events(),
                        Beside.NOTHING);
            case Decision.Act act -> act(act);
            case Decision.End end ->
                new Result(
                        Plan.EMPTY,
                        Map.of(),
                        Optional.empty(),
                        false,
                        end.problem(),
                        Optional.empty(),
                        Optional.of(Duration.ZERO),
                        List.of(),
                        Beside.NOTHING);
            case Decision.Rest rest -> {
                Map<Step, Outcome> outcomes = new LinkedHashMap<>();
                var beside = beside(rest, outcomes);
                yield new Result(
                        new Plan(
                                List.of(), rest.work().stream().map(Work::steps).toList()),
                        outcomes,
                        situation
                                .operation()
                                .map(running -> unplannable
                                        .map(failure -> running.failed(failure, false))
                                        .orElse(running)),
                        false,
                        rest.problem(),
                        rest.waiting(),
                        rest.wake(),
                        rest.events(),
                        beside);
            }
        };
    }

    /**
     * Carries out the work beside an operation, each list by itself, and folds what came of it: a list that failed is tried
     * again after its own back-off, one that is pending after its own time.
     */
    private Beside beside(Decision.Rest rest, Map<Step, Outcome> outcomes) {
        if (rest.work().stream().anyMatch(work -> touches(work.steps()))) {
            readLive();
        }
        var ref = loaded.ref();
        List<Failure> failures = new ArrayList<>();
        Optional<Duration> wake = Optional.empty();
        for (var failed : rest.beside()) {
            failures.add(failed.failure());
            world.backOffs().failed(ref, failed.by(), began);
        }
        for (var work : rest.work()) {
            var missing = work.steps().stream()
                    .filter(step -> !(outcomes.get(step) instanceof Outcome.Done))
                    .toList();
            var came = executor().carryOut(missing);
            outcomes.putAll(came);
            boolean failed = false;
            for (var outcome : came.values()) {
                switch (outcome) {
                    case Outcome.Done ignored -> {}
                    case Outcome.Pending pending -> wake = Found.earliest(wake, Optional.of(pending.poll()));
                    case Outcome.Failed why -> {
                        failed = true;
                        failures.add(work.named(why.failure()));
                    }
                }
            }
            if (failed) {
                world.backOffs().failed(ref, work.by(), began);
            } else {
                world.backOffs().succeeded(ref, work.by());
                // A result was recorded first, and the rest waits for the next pass.
                boolean more =
                        came.size() < missing.size() && came.values().stream().allMatch(Outcome.Done.class::isInstance);
                wake = more ? Optional.of(Duration.ZERO) : wake;
            }
        }
        return new Beside(failures, Found.earliest(wake, world.backOffs().wake(ref, began)));
    }

    private static boolean touches(List<Step> steps) {
        return steps.stream()
                .anyMatch(step ->
                        !(step instanceof Step.Await || step instanceof Step.Keep || step instanceof Step.EmitEvent));
    }

    private Result act(Decision.Act act) {
        var steps = act.plan().steps();
        if (steps.stream().anyMatch(step -> !(step instanceof Step.Await || step instanceof Step.Keep))) {
            readLive();
        }
        var outcomes = executor().carryOut(steps);
        var operation = act.operation();
        Optional<Failure> problem = Optional.empty();
        Optional<String> waiting = Optional.empty();
        Optional<Duration> wake = Optional.of(Duration.ZERO);
        boolean dropped = false;
        for (var entry : outcomes.entrySet()) {
            if (entry.getKey() instanceof Step.StopJob stop && !stop.bestEffort() && asked(entry.getValue())) {
                operation = operation.phase() == Phase.RECORDED ? operation.at(Phase.STOPPING, began) : operation;
            }
            switch (entry.getValue()) {
                case Outcome.Done done -> {
                    if (entry.getKey() instanceof Step.Keep keep) {
                        operation = operation.at(keep.phase(), began);
                    }
                    for (var result : done.results().entrySet()) {
                        operation = operation.keep(result.getKey(), result.getValue());
                    }
                }
                case Outcome.Pending pending -> {
                    waiting = Optional.of(pending.what());
                    wake = Optional.of(soon(operation, pending.poll()));
                }
                case Outcome.Failed failed -> {
                    if (entry.getKey() instanceof Step.StopJob stop && stop.bestEffort()) {
                        LOG.info(
                                "the job could not be cancelled, it goes with its cluster: {}",
                                failed.failure().message());
                    } else if (failed.failure().code().equals(JOB_NOT_FOUND) || !asked(failed)) {
                        // What the poller sees next tells what became of it.
                        waiting = Optional.of(failed.failure().message());
                        wake = Optional.of(Duration.ofSeconds(1));
                    } else if (mayPass(failed.failure(), operation)) {
                        waiting = Optional.of(failed.failure().message());
                        wake = Optional.of(SOON);
                    } else {
                        problem = Optional.of(failed.failure());
                        // After a stop that failed Flink may restart the tasks, but the job goes on, as it does after a
                        // rescale that failed: what to do, and when, is chosen anew.
                        dropped |= entry.getKey() instanceof Step.StopJob || refusedRescale(entry.getKey(), failed);
                        operation = operation.failed(failed.failure(), false);
                    }
                }
            }
        }
        boolean ended = outcomes.size() == steps.size()
                && outcomes.values().stream().allMatch(Outcome.Done.class::isInstance)
                && problem.isEmpty();
        // Nothing comes between a result and its record.
        boolean waits = waiting.isPresent() || problem.isPresent();
        var beside = waits ? beside(act.beside(), outcomes) : Beside.NOTHING;
        return new Result(
                new Plan(
                        act.plan().steps(),
                        act.beside().work().stream().map(Work::steps).toList()),
                outcomes,
                ended || dropped ? Optional.empty() : Optional.of(operation),
                ended,
                problem,
                waiting,
                waits ? Found.earliest(wake, act.beside().wake()) : wake,
                act.beside().events(),
                beside);
    }

    /** Whether a failure is not worth an error yet: a conflict, or an API server that is too busy for a moment. */
    private boolean mayPass(Failure failure, Operation operation) {
        return failure.kind() == ErrorKind.TRANSIENT
                && began.isBefore(operation.phaseAt().plus(FIRST_TRIES));
    }

    /** Whether Flink was asked to stop a job: it is not while the job could only fail to take a savepoint. */
    private static boolean asked(Outcome outcome) {
        return !(outcome instanceof Outcome.Failed failed)
                || !failed.failure().code().equals(JOB_NOT_READY);
    }

    /** Whether Flink itself does not rescale the job. One that is electing its leader may well do so in a moment. */
    private static boolean refusedRescale(Step step, Outcome.Failed failed) {
        return step instanceof Step.Rescale
                && failed.failure()
                        .httpResponseCode()
                        .filter(code -> code != 503)
                        .isPresent();
    }

    /** What has just begun is looked at often, and ever less until {@code longest}: a wait costs a fifth of it at most. */
    private Duration soon(Operation operation, Duration longest) {
        var fifth = Duration.between(operation.phaseAt(), began).dividedBy(5);
        if (fifth.isNegative()) {
            return longest;
        }
        var patient = fifth.compareTo(SOONEST) < 0 ? SOONEST : fifth;
        return patient.compareTo(longest) < 0 ? patient : longest;
    }

    /**
     * A pass over a stale resource does nothing. One read per acting pass, none in steady state, and none of what the API
     * server has just answered to a write: it is as new as what a read would tell.
     */
    private void readLive() {
        if (world.ownWrites().wroteJustNow(loaded, clock.instant())) {
            return;
        }
        var now = world.kubernetes().resource(loaded.ref());
        if (now.isEmpty()
                || !now.get().metadata().uid().equals(loaded.metadata().uid())
                || !now.get()
                        .metadata()
                        .resourceVersion()
                        .equals(loaded.metadata().resourceVersion())) {
            throw new KubernetesError(409, "the cache was behind: " + loaded.ref());
        }
    }

    private Requeue conclude(PassSituation situation, Result result) {
        boolean released = result.outcomes().entrySet().stream()
                .anyMatch(entry ->
                        entry.getKey() instanceof Step.ReleaseFinalizer && entry.getValue() instanceof Outcome.Done);
        if (released) {
            LOG.info("released, the resource may go");
            world.flink().forget(loaded.ref());
            world.backOffs().forget(loaded.ref());
            return Requeue.none();
        }
        @SuppressWarnings("unchecked")
        var typed = (R) loaded;
        var turn = new Turn(
                situation,
                result.plan(),
                result.outcomes(),
                kind.operation(typed),
                result.after(),
                result.ended(),
                result.problem(),
                result.waiting(),
                result.beside().failures());
        var before = kind.writeStatus(typed);
        var reduced = reduce(typed, before, turn);
        var reduction = reduced.reduction();
        var after = reduced.status();
        List<Event> events = new ArrayList<>(result.events());
        events.addAll(reduction.events());
        events.removeIf(event -> !tell(event));
        boolean changed = !after.equals(Pass::compareScalars, before);
        if (changed) {
            var sent = clock.instant();
            var stored = world.kubernetes().replaceStatus(loaded, after);
            world.ownWrites().note(loaded, stored, sent);
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "a pass of {} ms, {}; steps: {}",
                    Duration.between(began, clock.instant()).toMillis(),
                    changed ? "which wrote the status" : "without a write of the status",
                    result.outcomes().keySet().stream().map(Step::target).toList());
        }
        if (changed || !result.outcomes().isEmpty() || !events.isEmpty()) {
            world.reports()
                    .accept(new ReconcileReport(
                            loaded.ref(),
                            loaded.metadata().uid(),
                            loaded.metadata().generation(),
                            began,
                            Duration.between(began, clock.instant()),
                            before,
                            after,
                            result.plan(),
                            result.outcomes(),
                            events));
        }
        return requeue(result, situation.config());
    }

    /** A part may write a number in another width than it is read in. */
    private static int compareScalars(JsonNode one, JsonNode other) {
        boolean same = one.equals(other)
                || one.isIntegralNumber()
                        && other.isIntegralNumber()
                        && one.bigIntegerValue().equals(other.bigIntegerValue());
        return same ? 0 : 1;
    }

    private record Reduced<R>(ResourceKind.Reduction<R> reduction, ObjectNode status) {}

    /**
     * The status after this pass. A part that fails keeps its old slice, and the kind then learns of that: it is reduced
     * again.
     */
    private Reduced<R> reduce(R resource, ObjectNode before, Turn turn) {
        Map<StatusPart<?>, Failure> failed = new LinkedHashMap<>();
        while (true) {
            var reduction = kind.reduce(resource, turn.with(List.copyOf(failed.values())));
            var status = kind.writeStatus(reduction.resource());
            int known = failed.size();
            for (var part : features.statusParts()) {
                if (failed.containsKey(part)) {
                    keep(part, status, before);
                    continue;
                }
                try {
                    reduce(part, status, before, turn);
                } catch (PluginFailure e) {
                    failed.put(
                            part,
                            new Failure(ErrorKind.INTERNAL, Unplannable.PLUGIN_FAILED, String.valueOf(e.getMessage())));
                    keep(part, status, before);
                }
            }
            if (failed.size() == known) {
                return new Reduced<>(reduction, status);
            }
        }
    }

    private static <P> void reduce(StatusPart<P> part, ObjectNode status, ObjectNode before, Turn turn) {
        part.write(part.reduce(part.read(before), turn), status);
    }

    /** Whatever a part has written until it failed, its slice is as it was. */
    private static void keep(StatusPart<?> part, ObjectNode status, ObjectNode before) {
        for (var path : part.paths()) {
            var pointer = JsonPointer.compile(path);
            var old = before.at(pointer);
            var field = pointer.last().getMatchingProperty();
            if (!old.isMissingNode()) {
                var parent = pointer.head();
                (parent.matches() ? status : status.withObject(parent)).set(field, old.deepCopy());
            } else if (status.at(pointer.head()) instanceof ObjectNode slice) {
                slice.remove(field);
            }
        }
    }

    /** Emits an event; whether it is news. One that could not be written is. */
    private boolean tell(Event event) {
        try {
            return world.kubernetes().event(loaded, event);
        } catch (KubernetesError e) {
            LOG.warn("an event was not written: {} {}: {}", event.reason(), event.message(), e.getMessage());
            return !event.once();
        }
    }

    /**
     * One table from what happened to when it is tried again. Work beside it has a time of its own, and no operation is left
     * without a time to look again.
     */
    private Requeue requeue(Result result, FlinkConfig config) {
        var beside = result.beside().wake();
        result.problem().ifPresent(world.problems());
        if (result.problem().isPresent()) {
            return problem(result.problem().get(), result, beside, config);
        }
        return result.ended()
                ? Requeue.now()
                : Found.earliest(result.wake(), beside).map(Requeue::after).orElseGet(() -> later(result));
    }

    private Requeue problem(Failure problem, Result result, Optional<Duration> beside, FlinkConfig config) {
        return switch (problem.kind()) {
            case USER ->
                Found.earliest(
                                Found.earliest(result.wake().filter(wake -> !wake.isZero()), beside),
                                again(result, config))
                        .map(Requeue::after)
                        .orElseGet(() -> later(result));
            case TRANSIENT -> Requeue.backOff(SOON);
            case EXTERNAL, INTERNAL ->
                Requeue.backOff(limit(
                        problem.code().equals(Failure.REFUSED) && retryLimit.compareTo(REFUSED_LIMIT) < 0
                                ? REFUSED_LIMIT
                                : retryLimit,
                        Found.earliest(result.wake().filter(wake -> !wake.isZero()), beside)));
        };
    }

    /**
     * When a refusal is judged anew that depends on more than the spec, such as metadata that somebody may restore. Its
     * return enqueues nothing.
     */
    private Optional<Duration> again(Result result, FlinkConfig config) {
        var interval = config.orFallback(OperatorConfig.RECONCILE_INTERVAL);
        return readOnDemand && result.after().isEmpty()
                ? Optional.of(interval.compareTo(SOON) < 0 ? SOON : interval)
                : Optional.empty();
    }

    private static Requeue later(Result result) {
        return result.after().isPresent() ? Requeue.backOff(REFUSED_LIMIT) : Requeue.none();
    }

    /** The longest pause of a failed operation: until there is something to do for it or beside it, but not below that of a conflict. */
    private static Duration limit(Duration longest, Optional<Duration> beside) {
        var wanted = beside.filter(wake -> wake.compareTo(longest) < 0).orElse(longest);
        return wanted.compareTo(SOON) < 0 ? SOON : wanted;
    }
}
