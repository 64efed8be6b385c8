package io.drey.core.engine;

import io.drey.core.engine.Decision.Failed;
import io.drey.core.generation.Contribution;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.PluginFailure;
import io.drey.spi.Proposer;
import io.drey.spi.Proposer.Tier;
import io.drey.spi.ResourceKind;
import io.drey.spi.ResourceKind.Retarget;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.Reading;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.FlinkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Decides what a pass does. Pure: the same situation gives the same decision. A fact that is missing leaves as {@link
 * io.drey.spi.fact.MissingFact}.
 */
final class Decider {
    /** On a resource: ids of plugins, separated by commas, whose failing deletion guards do not hold its deletion. */
    static final String BYPASS_ANNOTATION = "drey.io/bypass-deletion-guards";

    /** Flink's own key for a job id that the user fixed. */
    private static final String FIXED_JOB_ID = "$internal.pipeline.job-id";

    private static final ConfigKey<Boolean> TRIALS = OperatorKeys.LAUNCH_TRIAL;

    private final FeatureSet features;
    private final ResourceKind<CustomResource> kind;
    private final Launches launches;
    private final Skeleton skeleton;
    private final Set<String> resting;

    /** @param resting contributions beside an operation that failed, and are not tried yet */
    Decider(FeatureSet features, ResourceKind<CustomResource> kind, Launches launches, Set<String> resting) {
        this.features = features;
        this.kind = kind;
        this.launches = launches;
        this.skeleton = new Skeleton(features, launches, kind.type().finalizer());
        this.resting = resting;
    }

    /**
     * Decides.
     *
     * @param broken what failed and might have had something to say: nothing but deletion may start
     */
    Decision decide(PassSituation situation, Optional<Failure> broken) {
        try {
            return kind.held(situation.resource())
                    .filter(held -> !situation.deleting())
                    .<Decision>map(Decision.Rest::held)
                    .orElseGet(() -> decided(situation, broken));
        } catch (IllegalArgumentException e) {
            // A strategy or deployer has met a value of the configuration that its key does not take.
            throw new Unplannable(ErrorKind.USER, "BadConfiguration", String.valueOf(e.getMessage()));
        }
    }

    private Decision decided(PassSituation situation, Optional<Failure> broken) {
        if (situation.operation().isPresent()) {
            var running = situation.operation().get();
            if (running.phaseAt().isAfter(situation.now())) {
                return new Decision.Record(clamped(running, situation));
            }
            try {
                var turned = overtaken(running, situation, broken)
                        .or(() -> refusedMeanwhile(running, situation))
                        .or(() -> retargeted(running, situation, broken));
                return turned.orElseGet(() -> carryOn(running, situation, broken));
            } catch (PluginFailure e) {
                // Without an answer about the newer spec the operation goes on as it was recorded.
                return carryOn(running, situation, Optional.of(failure(e)));
            }
        }
        return situation.deleting() ? deletion(situation) : changeOrRemedy(situation, broken);
    }

    /** The clock of the replica that wrote it is ahead of ours: no fact would be new enough until ours has caught up. */
    private static Operation clamped(Operation running, PassSituation situation) {
        var started = running.startedAt();
        return running.toBuilder()
                .startedAt(started.isAfter(situation.now()) ? situation.now() : started)
                .phaseAt(situation.now())
                .build();
    }

    private Decision carryOn(Operation running, PassSituation situation, Optional<Failure> broken) {
        if (broken.isPresent() && givesUpForAnotherSpec(running, situation)) {
            throw new Unplannable(broken.get());
        }
        try {
            var plan = remaining(running, situation);
            var found = new Found();
            broken.ifPresent(failure -> found.beside.add(new Failed("", failure)));
            if (!situation.deleting()) {
                chores(situation, found);
            }
            return new Decision.Act(running, plan, found.besides(plan));
        } catch (Abandoned e) {
            return new Decision.End(e.failure());
        }
    }

    /**
     * Whether a spec that gave the state up, to start empty or from a path that it names, was replaced before its job was
     * launched. The newer one may want the state, and only it says what to do, so it is waited for. A first launch has no state
     * to lose.
     */
    private static boolean givesUpForAnotherSpec(Operation running, PassSituation situation) {
        return running.cause() != Cause.CREATE
                && running.results().containsKey(Operation.JOB_ID)
                && (running.chosen().isEmpty() || running.restore().mode() == RestoreMode.NONE)
                && running.generation() != situation.resource().metadata().generation()
                && !Skeleton.launched(running, situation)
                && !situation.deleting();
    }

    /** A rescale of a spec that is not wanted any more is let go of: nothing was stopped for it. */
    private static Optional<Decision> overtaken(Operation running, PassSituation situation, Optional<Failure> broken) {
        boolean over = running.inPlace()
                && !situation.deleting()
                && broken.isEmpty()
                && (withheld(situation) || situation.resource().metadata().generation() != running.generation());
        return over ? Optional.of(new Decision.End(Optional.empty())) : Optional.empty();
    }

    /**
     * The spec that is being carried out was replaced by one that is withheld, before anything of it was recorded as
     * deployed: nobody has it any more. What runs goes on if it was not touched, and is launched again if it was.
     */
    private Optional<Decision> refusedMeanwhile(Operation running, PassSituation situation) {
        boolean lost = withheld(situation)
                && !situation.deleting()
                && situation.resource().metadata().generation() != running.generation()
                && running.cause() == Cause.CHANGE
                && running.target() == Target.CURRENT
                && running.phase().compareTo(Phase.STOPPED) < 0
                && !(running.stop().saves() && running.saved());
        if (!lost || !(situation.resource() instanceof FlinkResource resource)) {
            return Optional.empty();
        }
        if (running.phase() == Phase.RECORDED && untouched(resource, situation)) {
            return Optional.of(new Decision.End(Optional.empty()));
        }
        return resource.status().observedGeneration().isEmpty()
                ? Optional.empty()
                : Optional.of(new Decision.Record(
                        withId(turned(running, situation, Target.DEPLOYED), running.id(), situation)));
    }

    /** Whether the user's spec is not to be carried out: it breaks a rule, or waits for approval. */
    private static boolean withheld(PassSituation situation) {
        return !situation.violations().isEmpty() || PlanHold.holds(situation.resource());
    }

    private static boolean untouched(FlinkResource resource, PassSituation situation) {
        return situation.facts().get(ClusterObjects.TYPE).untouched()
                && situation
                        .facts()
                        .find(FlinkJobs.TYPE)
                        .flatMap(flink -> resource.status().jobStatus().jobId().flatMap(flink::job))
                        .filter(job -> job.state().equals("RUNNING"))
                        .isPresent();
    }

    /** Deletion, or a newer generation before anything was launched, turns a running operation to another end. */
    private Optional<Decision> retargeted(Operation running, PassSituation situation, Optional<Failure> broken) {
        if (situation.deleting()) {
            return running.cause() == Cause.DELETE ? Optional.empty() : Optional.of(interrupted(running, situation));
        }
        boolean newer = !withheld(situation)
                && situation.admitted().isPresent()
                && situation.resource().metadata().generation() != running.generation();
        if (!newer || broken.isPresent() || running.cause() == Cause.DELETE || Skeleton.launched(running, situation)) {
            return Optional.empty();
        }
        if (undone(running, situation)) {
            return Optional.of(new Decision.End(Optional.empty()));
        }
        var turned = turned(running, situation, Target.CURRENT);
        // An object under the old id may still be on its way to the API server: with a new id it is a conflict, not
        // ours.
        var id = running.phase() == Phase.LAUNCHING ? situation.freshId() : running.id();
        return Optional.of(new Decision.Record(withId(turned, id, situation)));
    }

    private Operation turned(Operation running, PassSituation situation, Target target) {
        return switch (kind.retarget(running, situation, target)) {
            case Retarget.To to -> to.operation();
            case Retarget.Refuse refuse -> throw new Unplannable(refuse.failure());
        };
    }

    /**
     * Whether the cluster is as it was, so that what to do is chosen again from what is there. A stop in flight that saves
     * state is kept, and so is that of a job that is halted: it runs from state that is not to be saved.
     */
    private static boolean undone(Operation running, PassSituation situation) {
        return (running.phase() == Phase.RECORDED
                        || running.phase() == Phase.STOPPING && !running.stop().saves() && !running.saved())
                && running.cause() != Cause.CREATE
                && running.cause() != Cause.HALT
                && situation.facts().get(ClusterObjects.TYPE).untouched();
    }

    /**
     * Deletion ends an operation that has touched nothing, so that it is decided as that of a job at rest. Any other one is
     * turned to it, unless a DELETE proposer holds the deletion.
     */
    private Decision interrupted(Operation running, PassSituation situation) {
        if (running.inPlace()
                || running.phase() == Phase.RECORDED
                        && situation.facts().get(ClusterObjects.TYPE).untouched()) {
            return new Decision.End(Optional.empty());
        }
        var asked = asked(situation);
        return asked.held().isPresent()
                ? asked.held().get()
                : new Decision.Record(toDeletion(running, asked.start(), situation));
    }

    /** A savepoint in flight is awaited; what still runs is stopped as a DELETE proposer says. */
    private static Operation toDeletion(Operation running, Optional<Proposal.Start> proposed, PassSituation situation) {
        boolean inFlight = running.phase() == Phase.STOPPING && running.stop().mode() == StopMode.SAVEPOINT;
        var stop = proposed.map(Proposal.Start::stop)
                .filter(ignored -> running.phase().compareTo(Phase.STOPPED) < 0 && !running.saved())
                // A job that was stopped with its state has ended.
                .orElse(Stop.of(running.saved() ? StopMode.KILL : StopMode.CANCEL));
        return running.retarget(
                        Cause.DELETE,
                        Target.DEPLOYED,
                        situation.resource().metadata().generation(),
                        Restore.NONE,
                        false)
                .stoppedBy(inFlight ? running.stop() : stop)
                .at(inFlight ? Phase.STOPPING : Phase.RECORDED, situation.now());
    }

    /**
     * What DELETE proposers say.
     *
     * @param held why the deletion waits
     * @param start how it begins otherwise
     */
    private record Asked(Optional<Decision.Rest> held, Optional<Proposal.Start> start) {
        static Asked held(Decision.Rest rest) {
            return new Asked(Optional.of(rest), Optional.empty());
        }
    }

    private Asked asked(PassSituation situation) {
        Optional<Proposal.Start> start = Optional.empty();
        List<Event> events = new ArrayList<>();
        for (var proposer : proposers(Tier.DELETE)) {
            var answer = answer(proposer, situation);
            switch (answer) {
                case Answer.Broken broken -> {
                    if (!bypassed(proposer, situation)) {
                        return Asked.held(Decision.Rest.problem(holdingDeletion(proposer, broken.failure())));
                    }
                    events.add(Event.warning(
                                    "Operator",
                                    "DeletionGuardBypassed",
                                    "deleted although " + broken.failure().message())
                            .onceFor("DeletionGuardBypassed " + Contribution.pluginOf(proposer)));
                }
                case Answer.Unknown unknown -> throw new MissingFact(unknown.fact());
                case Answer.Given given -> {
                    switch (given.proposal()) {
                        case Proposal.Block block -> {
                            return Asked.held(new Decision.Rest(
                                    List.of(),
                                    Optional.empty(),
                                    Optional.of(block.reason()),
                                    Optional.of(block.poll()),
                                    block.events(),
                                    Optional.empty(),
                                    List.of()));
                        }
                        case Proposal.Wait wait -> {
                            return Asked.held(Decision.Rest.waiting(wait.reason(), wait.poll()));
                        }
                        case Proposal.Retry retry -> {
                            return Asked.held(Decision.Rest.retrying(retry.cause(), retry.after()));
                        }
                        case Proposal.Refuse refuse -> {
                            return Asked.held(Decision.Rest.problem(refuse.failure()));
                        }
                        case Proposal.Start proposed -> start = start.or(() -> Optional.of(proposed));
                        case Proposal.Resume ignored -> {}
                        case Proposal.Steps ignored -> {}
                        case Proposal.Tell ignored -> {}
                        case Proposal.Mark ignored -> {}
                        case Proposal.Idle ignored -> {}
                    }
                }
            }
        }
        return new Asked(Optional.empty(), start.map(proposed -> proposed.telling(concat(proposed.events(), events))));
    }

    private Decision deletion(PassSituation situation) {
        var asked = asked(situation);
        if (asked.held().isPresent()) {
            return asked.held().get();
        }
        var start = asked.start();
        if (start.isPresent()) {
            return begin(start.get(), situation);
        }
        return kind.type()
                .finalizer()
                .filter(situation.resource().metadata().finalizers()::contains)
                .map(name -> Decision.Rest.doing(Work.of(kind, Tier.DELETE, List.of(new Step.ReleaseFinalizer(name)))))
                .orElse(Decision.Rest.IDLE);
    }

    private static List<Event> concat(List<Event> one, List<Event> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /** Another plugin that cannot say whether deletion may go on is bypassed by the user only. */
    private boolean bypassed(Proposer proposer, PassSituation situation) {
        var named = situation.resource().metadata().annotations().getOrDefault(BYPASS_ANNOTATION, "");
        return another(proposer)
                && Arrays.stream(named.split(",")).map(String::strip).anyMatch(Contribution.pluginOf(proposer)::equals);
    }

    /** The plugin of the kind takes the cluster down. No other one does so in its place. */
    private boolean another(Proposer proposer) {
        return !Contribution.pluginOf(proposer).equals(Contribution.pluginOf(kind));
    }

    private Failure holdingDeletion(Proposer proposer, Failure failure) {
        var mend = another(proposer)
                ? ". Deletion waits for its answer. To delete without it, set the annotation " + BYPASS_ANNOTATION
                        + ": " + Contribution.pluginOf(proposer)
                : ". Deletion waits for its answer";
        return new Failure(failure.kind(), failure.code(), failure.message() + mend);
    }

    private Decision changeOrRemedy(PassSituation situation, Optional<Failure> broken) {
        var found = new Found();
        found.problem = broken;
        boolean goesOn = broken.isEmpty();
        for (var tier : List.of(Tier.CHANGE, Tier.REMEDY)) {
            for (var proposer : goesOn ? proposers(tier) : List.<Proposer>of()) {
                switch (answer(proposer, situation)) {
                    case Answer.Broken failed -> {
                        // Silence is not consent: nothing starts in this pass.
                        found.problem(failed.failure());
                        chores(situation, found);
                        return found.rest();
                    }
                    case Answer.Unknown unknown -> throw new MissingFact(unknown.fact());
                    case Answer.Given given -> {
                        switch (given.proposal()) {
                            case Proposal.Start start -> {
                                var begun = begin(start, situation);
                                if (begun instanceof Decision.Record begunRecord) {
                                    return new Decision.Record(
                                            begunRecord.operation(), told(begunRecord.events(), situation));
                                }
                                found.add((Decision.Rest) begun);
                            }
                            case Proposal.Resume resume -> {
                                return new Decision.Record(resume.operation());
                            }
                            case Proposal.Wait wait -> {
                                found.waiting(wait.reason(), wait.poll());
                                goesOn &= !wait.blocking();
                            }
                            case Proposal.Retry retry -> {
                                found.problem(retry.cause());
                                found.wake(Optional.of(retry.after()));
                            }
                            case Proposal.Refuse refuse -> {
                                found.problem(refuse.failure());
                                goesOn = false;
                            }
                            case Proposal.Steps steps -> found.work.add(Work.of(proposer, tier, steps.steps()));
                            case Proposal.Block block -> found.events.addAll(block.events());
                            case Proposal.Tell tell -> found.events.addAll(tell.events());
                            case Proposal.Idle idle -> found.wake(idle.until());
                            case Proposal.Mark ignored -> {}
                        }
                    }
                }
            }
        }
        chores(situation, found);
        return found.rest();
    }

    /** Asks the chores, each by itself: one that fails stops only itself. */
    private void chores(PassSituation situation, Found found) {
        for (var proposer : proposers(Tier.CHORE)) {
            if (resting.contains(proposer.toString())) {
                continue;
            }
            switch (answer(proposer, situation)) {
                case Answer.Broken failed -> found.beside.add(new Failed(proposer.toString(), failed.failure()));
                case Answer.Unknown ignored -> {}
                case Answer.Given given -> {
                    switch (given.proposal()) {
                        case Proposal.Steps steps -> found.work.add(Work.of(proposer, Tier.CHORE, steps.steps()));
                        case Proposal.Tell tell -> found.events.addAll(tell.events());
                        case Proposal.Block block -> found.events.addAll(block.events());
                        case Proposal.Wait wait -> found.waiting(wait.reason(), wait.poll());
                        case Proposal.Retry retry -> {
                            found.beside.add(new Failed(proposer.toString(), retry.cause()));
                            found.wake(Optional.of(retry.after()));
                        }
                        case Proposal.Refuse refuse ->
                            found.beside.add(new Failed(proposer.toString(), refuse.failure()));
                        case Proposal.Idle idle -> found.wake(idle.until());
                        case Proposal.Start ignored -> {}
                        case Proposal.Resume ignored -> {}
                        case Proposal.Mark ignored -> {}
                    }
                }
            }
        }
    }

    /** What a start tells, after what chores have to tell: it may take away the source of that. */
    private List<Event> told(List<Event> start, PassSituation situation) {
        var found = new Found();
        chores(situation, found);
        return concat(found.events, start);
    }

    /** What came of asking a proposer. */
    private sealed interface Answer {
        record Given(Proposal proposal) implements Answer {}

        /** It failed, or was refused, or a fact that it needs failed. */
        record Broken(Failure failure) implements Answer {}

        /** A fact that it needs was read, and nothing is known yet. */
        record Unknown(FactType<?> fact) implements Answer {}
    }

    /** Asks one proposer. A fact that was not read yet leaves as {@link MissingFact}. */
    private static Answer answer(Proposer proposer, PassSituation situation) {
        try {
            return new Answer.Given(proposer.propose(situation));
        } catch (MissingFact e) {
            if (!situation.facts().readings().containsKey(e.type())) {
                throw e;
            }
            return failed(e, situation).<Answer>map(Answer.Broken::new).orElseGet(() -> new Answer.Unknown(e.type()));
        } catch (PluginFailure e) {
            return new Answer.Broken(failure(e));
        } catch (IllegalArgumentException e) {
            return new Answer.Broken(new Failure(ErrorKind.USER, "BadConfiguration", String.valueOf(e.getMessage())));
        }
    }

    private static Failure failure(PluginFailure e) {
        return new Failure(ErrorKind.INTERNAL, Unplannable.PLUGIN_FAILED, String.valueOf(e.getMessage()));
    }

    /** Why a fact is missing, if its source failed. */
    private static Optional<Failure> failed(MissingFact missing, PassSituation situation) {
        return situation.facts().reading(missing.type()) instanceof Reading.Failed<?> read
                ? Optional.of(new Failure(ErrorKind.EXTERNAL, "FactMissing", read.why()))
                : Optional.empty();
    }

    private List<Proposer> proposers(Tier tier) {
        return features.proposers(kind.type().kind(), tier);
    }

    /**
     * A start that passed the gates, and whose launch can be rendered and is taken by the API server: neither a bad spec nor a
     * policy must cost what runs.
     *
     * @throws Untried when it is not known whether the API server takes it
     */
    private Decision begin(Proposal.Start start, PassSituation situation) {
        var operation = record(start, situation);
        for (var gate : features.gates()) {
            if (start.cause() == Cause.DELETE && !gate.holdsDeletion()) {
                continue;
            }
            try {
                var hold = gate.check(start, situation);
                if (hold.isPresent()) {
                    return Decision.Rest.holding(
                            operation,
                            hold.get().reason(),
                            Optional.of(hold.get().until()));
                }
            } catch (PluginFailure e) {
                if (start.cause() != Cause.DELETE) {
                    return Decision.Rest.holding(operation, String.valueOf(e.getMessage()), Optional.empty())
                            .with(failure(e));
                }
            }
        }
        // A remedy carries out nothing that the user has not seen.
        boolean approval = start.target() == Target.CURRENT && PlanHold.holds(situation.resource());
        List<Event> events = new ArrayList<>(start.events());
        if (operation.launch()) {
            try {
                var verdict = approval ? rendered(operation, situation) : verdict(operation, situation);
                if (verdict.refusal().isPresent()) {
                    return Decision.Rest.retrying(verdict.refusal().get(), verdict.after());
                }
                verdict.warnings().forEach(warning -> events.add(warning(warning, operation)));
            } catch (Unplannable e) {
                return Decision.Rest.problem(e.failure());
            }
        }
        return approval
                ? Decision.Rest.holding(operation, "approval", Optional.empty())
                : new Decision.Record(operation, events);
    }

    /** Renders a launch that is not tried. */
    private LaunchTrial.Verdict rendered(Operation operation, PassSituation situation) {
        launches.objects(operation, situation);
        return LaunchTrial.Verdict.ACCEPTED;
    }

    private LaunchTrial.Verdict verdict(Operation operation, PassSituation situation) {
        var known = LaunchTrial.of(situation, operation.target());
        if (known.isPresent()) {
            return known.get();
        }
        if (!situation.config().orFallback(TRIALS)) {
            return rendered(operation, situation);
        }
        var rendered = launches.withPods(operation, situation);
        throw new Untried(operation, rendered.objects(), rendered.pods());
    }

    private static Event warning(String text, Operation operation) {
        boolean quota = text.contains("exceeded quota");
        var reason = quota ? "QuotaExceeded" : "PodMayBeRefused";
        return Event.warning(
                        "Operator",
                        reason,
                        (quota
                                        ? "A quota is exceeded until the running cluster is stopped: "
                                        : "Kubernetes may refuse a pod of the launch: ")
                                + text)
                .onceFor(reason + " " + operation.generation() + " " + text);
    }

    /**
     * All that remains of an operation, as far as what is known tells.
     *
     * @throws Unplannable when it cannot go on for now
     * @throws Abandoned when it is to end, and nothing that ran was touched
     */
    Plan remaining(Operation operation, PassSituation situation) {
        try {
            return skeleton.plan(operation, situation);
        } catch (PluginFailure e) {
            throw new Unplannable(e);
        }
    }

    private Operation record(Proposal.Start start, PassSituation situation) {
        boolean nothingBefore = start.stop().mode() == StopMode.NONE
                && start.launch()
                && !situation.config().highAvailability();
        var operation = new Operation(
                situation.freshId(),
                start.cause(),
                start.target(),
                situation.resource().metadata().generation(),
                start.chosenBy(),
                start.deployer(),
                start.stop(),
                start.restore(),
                start.launch(),
                nothingBefore ? Phase.LAUNCHING : Phase.RECORDED,
                1,
                situation.now(),
                situation.now(),
                start.results(),
                Optional.empty(),
                start.state());
        return withId(operation, situation.freshId(), situation);
    }

    /** The operation under an id, with the job id that follows from it. */
    private Operation withId(Operation operation, String id, PassSituation situation) {
        var results = new TreeMap<>(operation.results());
        if (operation.launch() && launchesJob(operation, situation)) {
            results.put(Operation.JOB_ID, jobId(operation, id, situation));
        }
        return operation.toBuilder().id(id).results(results).build();
    }

    /** A session cluster has no job of its own. */
    private static boolean launchesJob(Operation operation, PassSituation situation) {
        return situation
                .target(operation)
                .filter(target ->
                        target.spec() instanceof FlinkSpec spec && spec.job().isEmpty())
                .isEmpty();
    }

    /** High-availability metadata is found under the id that the job had; else the user's, or a new one. */
    private static String jobId(Operation operation, String id, PassSituation situation) {
        Optional<String> kept = operation.restore().mode() == RestoreMode.HIGH_AVAILABILITY
                        && situation.resource() instanceof FlinkResource resource
                ? resource.status().jobStatus().jobId()
                : Optional.empty();
        return kept.or(() -> situation.config().get(FIXED_JOB_ID))
                .orElseGet(() -> EffectId.derive(id, "job", operation.attempt()).hex());
    }
}
