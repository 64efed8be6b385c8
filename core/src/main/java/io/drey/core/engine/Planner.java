package io.drey.core.engine;

import io.drey.core.engine.PlanReport.Action;
import io.drey.core.engine.PlanReport.Change;
import io.drey.core.engine.PlanReport.Downtime;
import io.drey.core.engine.PlanReport.Hold;
import io.drey.core.engine.PlanReport.Origin;
import io.drey.core.engine.PlanReport.State;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.PluginFailure;
import io.drey.spi.SpecDiff;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.JobCheckpoints.Snapshot;
import io.drey.spi.fact.JobRequirements;
import io.drey.spi.fact.Reading;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.FlinkSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.UpgradeMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says what a decision comes to, from the same situation that it was made in. Pure; a fact that is missing leaves as {@link
 * io.drey.spi.fact.MissingFact}.
 */
final class Planner {
    /** Of a message that is kept in a status; Kubernetes cuts events at 1024. */
    private static final int MAX_SUMMARY = 900;

    private final FeatureSet features;
    private final Decider decider;

    Planner(FeatureSet features, Decider decider) {
        this.features = features;
        this.decider = decider;
    }

    /**
     * The report.
     *
     * @param changes to be shown
     * @param failure why nothing could be decided
     */
    PlanReport report(Decision decision, PassSituation situation, SpecDiff changes, Optional<Failure> failure) {
        List<Hold> holds = new ArrayList<>();
        situation.violations().forEach(violation -> holds.add(new Hold(violation.reason(), violation.text())));
        failure.map(Hold::of).ifPresent(holds::add);
        Optional<Operation> operation = Optional.empty();
        List<Step> steps = List.of();
        switch (decision) {
            case Decision.Record begun -> operation = Optional.of(begun.operation());
            case Decision.Act running -> {
                operation = Optional.of(running.operation());
                steps = running.plan().steps();
            }
            case Decision.End end -> end.problem().map(Hold::of).ifPresent(holds::add);
            case Decision.Rest rest -> {
                operation = rest.held();
                rest.problem().filter(why -> failure.isEmpty()).map(Hold::of).ifPresent(holds::add);
                if (rest.held().isPresent() && PlanHold.holds(situation.resource())) {
                    holds.add(new Hold("Approval", approval(situation)));
                } else {
                    rest.waiting().ifPresent(what -> holds.add(new Hold("Waiting", what)));
                }
            }
        }
        if (operation.isPresent() && steps.isEmpty()) {
            try {
                steps = decider.remaining(asOldAsItsFacts(operation.get(), situation), situation)
                        .steps();
            } catch (Unplannable e) {
                holds.add(Hold.of(e.failure()));
            } catch (Abandoned e) {
                e.failure().map(Hold::of).ifPresent(holds::add);
            }
        }
        var ref = situation.resource().ref();
        var action = operation.map(planned -> action(planned, situation)).orElse(Action.NONE);
        return new PlanReport(
                ref.kind(),
                ref.namespace(),
                ref.name(),
                situation.resource().metadata().generation(),
                action,
                operation.map(Operation::cause),
                changes.changes().stream()
                        .map(change -> new Change(change.type(), change.field(), change.from(), change.to()))
                        .toList(),
                operation.filter(Operation::launch).map(planned -> state(planned, situation)),
                downtime(action, situation),
                List.copyOf(holds),
                PlannedStep.of(steps),
                complete(situation));
    }

    /** What is asked for approval: as long as it is the same, so is the text. */
    static String summary(PlanReport plan) {
        var text = new StringBuilder("generation ")
                .append(plan.generation())
                .append(" is held by the annotation ")
                .append(PlanHold.ANNOTATION)
                .append(". Plan: ")
                .append(plan.action().text());
        plan.state().ifPresent(state -> text.append(", state from ").append(state.from()));
        text.append(plan.steps().stream().map(PlannedStep::text).collect(Collectors.joining("; ", ": ", "")));
        plan.holds().stream()
                .filter(hold -> !hold.reason().equals("Approval"))
                .forEach(hold -> text.append(". In the way: ").append(hold.message()));
        return text.length() <= MAX_SUMMARY ? text.toString() : text.substring(0, MAX_SUMMARY) + "...";
    }

    private static String approval(PassSituation situation) {
        return "the annotation " + PlanHold.ANNOTATION + " holds every edit. " + PlanHold.mend(situation.resource());
    }

    /** As if it had been recorded when what is known was seen, so that it counts. */
    private static Operation asOldAsItsFacts(Operation operation, PassSituation situation) {
        if (operation.phase() != Phase.RECORDED) {
            return operation;
        }
        return Stream.of(FlinkJobs.TYPE, JobRequirements.TYPE)
                .map(situation.facts()::reading)
                .flatMap(reading -> reading instanceof Reading.Known<?> known ? Stream.of(known.at()) : Stream.empty())
                .min(Comparator.naturalOrder())
                .filter(seen -> seen.isBefore(operation.phaseAt()))
                .map(seen -> operation.at(Phase.RECORDED, seen))
                .orElse(operation);
    }

    private static Action action(Operation operation, PassSituation situation) {
        if (operation.cause() == Cause.DELETE) {
            return Action.DELETE;
        }
        if (operation.cause() == Cause.RESCALE) {
            return Action.RESCALE;
        }
        if (!operation.launch()) {
            return Action.SUSPEND;
        }
        if (operation.stop().mode() == StopMode.NONE) {
            return Action.DEPLOY;
        }
        return situation.diff().type() == SpecDiff.Type.SAVEPOINT_REDEPLOY || origin(operation) == Origin.NOTHING
                ? Action.REDEPLOY
                : Action.RESTART;
    }

    private static Origin origin(Operation operation) {
        return switch (operation.knownRestore().mode()) {
            case NONE -> Origin.NOTHING;
            case PATH -> Origin.PATH;
            case SAVED ->
                operation.stop().mode() == StopMode.SAVEPOINT ? Origin.SAVEPOINT_OF_STOP : Origin.CHECKPOINT_OF_STOP;
            case HIGH_AVAILABILITY -> Origin.HIGH_AVAILABILITY;
        };
    }

    private static State state(Operation operation, PassSituation situation) {
        var origin = origin(operation);
        var checkpoints = situation.facts().find(JobCheckpoints.TYPE).filter(JobCheckpoints::known);
        return switch (origin) {
            case NOTHING -> of(origin, Optional.empty(), Optional.empty(), situation.now());
            case SAVEPOINT_OF_STOP ->
                new State(
                        origin,
                        origin.text(),
                        Optional.of(PlannedStep.SAVEPOINT_SLOT),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(0L));
            case CHECKPOINT_OF_STOP ->
                of(origin, Optional.empty(), checkpoints.flatMap(JobCheckpoints::newest), situation.now());
            case PATH -> {
                var path = operation.restorePath();
                yield of(
                        origin,
                        path,
                        checkpoints
                                .flatMap(JobCheckpoints::newest)
                                .filter(newest -> newest.path().equals(path)),
                        situation.now());
            }
            case HIGH_AVAILABILITY -> {
                var id = newestInMetadata(situation);
                var known = checkpoints
                        .flatMap(JobCheckpoints::completed)
                        .filter(completed -> id.isPresent() && completed.id() == id.getAsLong());
                var state = of(origin, Optional.empty(), known, situation.now());
                yield new State(
                        origin,
                        state.from(),
                        state.path(),
                        id.isPresent() ? Optional.of(id.getAsLong()) : Optional.empty(),
                        state.at(),
                        state.ageSeconds());
            }
        };
    }

    private static State of(Origin origin, Optional<String> path, Optional<Snapshot> snapshot, Instant now) {
        var at = snapshot.map(Snapshot::at);
        return new State(
                origin,
                origin.text(),
                path.or(() -> snapshot.flatMap(Snapshot::path)),
                snapshot.map(Snapshot::id),
                at,
                at.map(then -> Math.max(0, Duration.between(then, now).toSeconds())));
    }

    private static OptionalLong newestInMetadata(PassSituation situation) {
        return situation.resource() instanceof FlinkResource resource
                ? RecoverableJobs.of(situation)
                        .map(metadata -> metadata.newestCheckpoint(
                                resource.status().jobStatus().jobId().orElse("")))
                        .orElse(OptionalLong.empty())
                : OptionalLong.empty();
    }

    private Downtime downtime(Action action, PassSituation situation) {
        return switch (action) {
            case NONE, RESCALE -> new Downtime(Optional.of(0L), "nothing is stopped");
            case DEPLOY -> new Downtime(Optional.of(0L), "nothing runs now");
            case SUSPEND, DELETE -> new Downtime(Optional.empty(), "until it is started again");
            case RESTART, REDEPLOY ->
                mode(situation)
                        .flatMap(mode ->
                                Optional.ofNullable(features.strategies().get(mode)))
                        .flatMap(strategy -> lastDowntime(strategy, situation))
                        .map(last -> new Downtime(Optional.of(last.toSeconds()), "measured at the last upgrade"))
                        .orElseGet(() -> new Downtime(Optional.empty(), "not known: no upgrade was measured yet"));
        };
    }

    private static Optional<Duration> lastDowntime(UpgradeStrategy strategy, PassSituation situation) {
        try {
            return strategy.lastDowntime(situation);
        } catch (PluginFailure e) {
            return Optional.empty();
        }
    }

    private static Optional<String> mode(PassSituation situation) {
        return situation
                .admitted()
                .flatMap(admitted -> admitted.spec() instanceof FlinkSpec spec ? spec.job() : Optional.empty())
                .map(JobSpec::upgradeMode)
                .map(UpgradeMode::wire);
    }

    /** Whether Flink has answered, where it serves. */
    private static boolean complete(PassSituation situation) {
        boolean asks = situation
                .facts()
                .find(JobRequirements.TYPE)
                .filter(requirements -> requirements.vertices().isEmpty())
                .isPresent();
        if (asks) {
            return false;
        }
        boolean serves = situation
                .facts()
                .find(FlinkJobs.TYPE)
                .filter(flink -> flink.reach() == Reach.SERVING)
                .isPresent();
        return !serves
                || situation
                        .facts()
                        .find(JobCheckpoints.TYPE)
                        .map(checkpoints ->
                                checkpoints.known() || checkpoints.jobId().isEmpty())
                        .orElse(true);
    }
}
