package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.spi.Proposer;
import io.drey.spi.Proposer.Tier;
import io.drey.spi.ResourceKind;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.operation.EffectId;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what a pass does. Pure: the same situation gives the same decision. A fact that is missing leaves as {@link
 * io.drey.spi.fact.MissingFact}.
 */
final class Decider {
    /** Flink's own key for a job id that the user fixed. */
    private static final String FIXED_JOB_ID = "$internal.pipeline.job-id";

    private final FeatureSet features;
    private final ResourceKind<CustomResource> kind;
    private final Launches launches;
    private final Skeleton skeleton;

    Decider(FeatureSet features, ResourceKind<CustomResource> kind, Launches launches) {
        this.features = features;
        this.kind = kind;
        this.launches = launches;
        this.skeleton = new Skeleton(features, launches, kind.type().finalizer());
    }

    /**
     * Decides.
     *
     * @param broken what failed and might have had something to say: nothing but deletion may start
     */
    Decision decide(PassSituation situation, Optional<Failure> broken) {
        if (situation.operation().isPresent()) {
            var running = situation.operation().get();
            return overtaken(running, situation, broken)
                    .or(() -> refusedMeanwhile(running, situation))
                    .or(() -> retargeted(running, situation, broken).map(Decision.Record::new))
                    .orElseGet(() -> carryOn(running, situation));
        }
        if (situation.deleting()) {
            return deletion(situation);
        }
        if (broken.isPresent()) {
            return Decision.Rest.problem(broken.get());
        }
        return changeOrRemedy(situation);
    }

    private Decision carryOn(Operation running, PassSituation situation) {
        try {
            return new Decision.Act(running, skeleton.plan(running, situation));
        } catch (Abandoned e) {
            return new Decision.End(e.failure());
        }
    }

    /** A rescale of a spec that is not wanted any more, or not known, is let go of: nothing was stopped for it. */
    private static Optional<Decision> overtaken(Operation running, PassSituation situation, Optional<Failure> broken) {
        boolean over = running.inPlace()
                && !situation.deleting()
                && (broken.isPresent()
                        || withheld(situation)
                        || situation.resource().metadata().generation() != running.generation());
        return over ? Optional.of(new Decision.End(broken)) : Optional.empty();
    }

    /**
     * The spec that is being carried out was replaced by one that is withheld, before anything of it was recorded as
     * deployed: nobody has it any more. What runs goes on if it was not touched, and is launched again if it was.
     */
    private static Optional<Decision> refusedMeanwhile(Operation running, PassSituation situation) {
        boolean lost = withheld(situation)
                && !situation.deleting()
                && situation.resource().metadata().generation() != running.generation()
                && running.cause() == Cause.CHANGE
                && running.target() == Target.CURRENT
                && running.phase().compareTo(Phase.STOPPED) < 0
                && !running.saved();
        if (!lost || !(situation.resource() instanceof FlinkResource resource)) {
            return Optional.empty();
        }
        if (running.phase() == Phase.RECORDED && untouched(resource, situation)) {
            return Optional.of(new Decision.End(Optional.empty()));
        }
        return resource.status()
                .observedGeneration()
                .map(generation -> running.retarget(
                        Cause.CHANGE, Target.DEPLOYED, generation, running.restore(), running.launch()))
                .map(Decision.Record::new);
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

    /** Rules (a) and (b): deletion, or a newer generation before anything was launched, turns a running operation. */
    private Optional<Operation> retargeted(Operation running, PassSituation situation, Optional<Failure> broken) {
        if (situation.deleting()) {
            return running.cause() == Cause.DELETE ? Optional.empty() : Optional.of(toDeletion(running, situation));
        }
        boolean newer = !withheld(situation)
                && situation.admitted().isPresent()
                && situation.resource().metadata().generation() != running.generation();
        if (!newer || broken.isPresent() || running.cause() == Cause.DELETE || Skeleton.launched(running, situation)) {
            return Optional.empty();
        }
        // An object under the old id may still be on its way to the API server: with a new id it is a conflict, not
        // ours.
        var id = running.phase() == Phase.LAUNCHING ? situation.freshId() : running.id();
        return Optional.of(withId(kind.retarget(running, situation), id, situation));
    }

    private static Operation toDeletion(Operation running, PassSituation situation) {
        boolean inFlight = running.phase() == Phase.STOPPING && running.stop().mode() == StopMode.SAVEPOINT;
        return running.retarget(
                        Cause.DELETE,
                        Target.DEPLOYED,
                        situation.resource().metadata().generation(),
                        Restore.NONE,
                        false)
                .stoppedBy(inFlight ? running.stop() : Stop.of(StopMode.CANCEL))
                .at(inFlight ? Phase.STOPPING : Phase.RECORDED, situation.now());
    }

    private Decision deletion(PassSituation situation) {
        Optional<Proposal.Start> start = Optional.empty();
        for (var proposer : proposers(Tier.DELETE)) {
            switch (proposer.propose(situation)) {
                case Proposal.Block block -> {
                    return new Decision.Rest(
                            List.of(),
                            Optional.empty(),
                            Optional.of(block.reason()),
                            Optional.of(block.poll()),
                            block.events(),
                            Optional.empty());
                }
                case Proposal.Wait wait -> {
                    return Decision.Rest.waiting(wait.reason(), wait.poll());
                }
                case Proposal.Refuse refuse -> {
                    return Decision.Rest.problem(refuse.failure());
                }
                case Proposal.Start proposed -> start = start.or(() -> Optional.of(proposed));
                case Proposal.Resume ignored -> {}
                case Proposal.Steps ignored -> {}
                case Proposal.Tell ignored -> {}
                case Proposal.Mark ignored -> {}
                case Proposal.Idle ignored -> {}
            }
        }
        if (start.isPresent()) {
            return begin(start.get(), situation);
        }
        var finalizer =
                kind.type().finalizer().filter(situation.resource().metadata().finalizers()::contains);
        return finalizer
                .<Decision>map(name -> new Decision.Rest(
                        List.of(List.of(new Step.ReleaseFinalizer(name))),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()))
                .orElse(Decision.Rest.IDLE);
    }

    private Decision changeOrRemedy(PassSituation situation) {
        Optional<Failure> problem = Optional.empty();
        Optional<String> waiting = Optional.empty();
        Optional<Duration> wake = Optional.empty();
        Optional<Operation> heldBack = Optional.empty();
        List<List<Step>> chores = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (var tier : List.of(Tier.CHANGE, Tier.REMEDY, Tier.CHORE)) {
            boolean blocked = false;
            for (var proposer : proposers(tier)) {
                switch (proposer.propose(situation)) {
                    case Proposal.Start start -> {
                        var begun = begin(start, situation);
                        if (begun instanceof Decision.Record begunRecord) {
                            return new Decision.Record(begunRecord.operation(), told(begunRecord.events(), situation));
                        }
                        var held = (Decision.Rest) begun;
                        problem = problem.or(held::problem);
                        waiting = waiting.or(held::waiting);
                        wake = earliest(wake, held.wake());
                        heldBack = heldBack.or(held::held);
                    }
                    case Proposal.Resume resume -> {
                        return new Decision.Record(resume.operation());
                    }
                    case Proposal.Wait wait -> {
                        waiting = waiting.or(() -> Optional.of(wait.reason()));
                        wake = earliest(wake, Optional.of(wait.poll()));
                        blocked |= wait.blocking();
                    }
                    case Proposal.Refuse refuse -> {
                        problem = problem.or(() -> Optional.of(refuse.failure()));
                        blocked = true;
                    }
                    case Proposal.Steps steps -> chores.add(steps.steps());
                    case Proposal.Block block -> events.addAll(block.events());
                    case Proposal.Tell tell -> events.addAll(tell.events());
                    case Proposal.Idle idle -> wake = earliest(wake, idle.until());
                    case Proposal.Mark ignored -> {}
                }
            }
            if (blocked) {
                break;
            }
        }
        return new Decision.Rest(chores, problem, waiting, wake, events, heldBack);
    }

    /** What a start tells, after what chores have to tell: it may take away the source of that. */
    private List<Event> told(List<Event> start, PassSituation situation) {
        List<Event> told = new ArrayList<>();
        for (var proposer : proposers(Tier.CHORE)) {
            if (proposer.propose(situation) instanceof Proposal.Tell tell) {
                told.addAll(tell.events());
            }
        }
        told.addAll(start);
        return told;
    }

    private List<Proposer> proposers(Tier tier) {
        return features.proposers(kind.type().kind(), tier);
    }

    /** A start that passed the gates, and whose launch can be rendered: a bad spec must not cost what runs. */
    private Decision begin(Proposal.Start start, PassSituation situation) {
        var operation = record(start, situation);
        for (var gate : features.gates()) {
            if (start.cause() == Cause.DELETE && !gate.holdsDeletion()) {
                continue;
            }
            var hold = gate.check(start, situation);
            if (hold.isPresent()) {
                return Decision.Rest.holding(
                        operation, hold.get().reason(), Optional.of(hold.get().until()));
            }
        }
        if (operation.launch()) {
            try {
                launches.objects(operation, situation);
            } catch (Unplannable e) {
                return Decision.Rest.problem(e.failure());
            }
        }
        // A remedy carries out nothing that the user has not seen.
        return start.target() == Target.CURRENT && PlanHold.holds(situation.resource())
                ? Decision.Rest.holding(operation, "approval", Optional.empty())
                : new Decision.Record(operation, start.events());
    }

    /**
     * All that remains of an operation, as far as what is known tells.
     *
     * @throws Unplannable when it cannot go on for now
     * @throws Abandoned when it is to end, and nothing that ran was touched
     */
    Plan remaining(Operation operation, PassSituation situation) {
        return skeleton.plan(operation, situation);
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
                Optional.empty());
        return withId(operation, situation.freshId(), situation);
    }

    /** The operation under an id, with the job id that follows from it. */
    private Operation withId(Operation operation, String id, PassSituation situation) {
        var results = new TreeMap<>(operation.results());
        if (operation.launch() && launchesJob(operation, situation)) {
            results.put(Operation.JOB_ID, jobId(operation, id, situation));
        }
        return new Operation(
                id,
                operation.cause(),
                operation.target(),
                operation.generation(),
                operation.chosenBy(),
                operation.deployer(),
                operation.stop(),
                operation.restore(),
                operation.launch(),
                operation.phase(),
                operation.attempt(),
                operation.startedAt(),
                operation.phaseAt(),
                results,
                operation.error());
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

    private static Optional<Duration> earliest(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty()) {
            return other;
        }
        return other.isEmpty() || one.get().compareTo(other.get()) <= 0 ? one : other;
    }
}
