package io.drey.core.engine;

import io.drey.core.engine.Decision.Failed;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The answers of proposers, as they are collected: the first problem and the earliest time count. */
final class Found {
    final List<Work> work = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final List<Failed> beside = new ArrayList<>();
    Optional<Failure> problem = Optional.empty();
    private Optional<String> waiting = Optional.empty();
    private Optional<Duration> wake = Optional.empty();
    private Optional<Operation> held = Optional.empty();

    private record Wanted(Work by, Step step) {}

    void problem(Failure failure) {
        problem = problem.or(() -> Optional.of(failure));
    }

    void waiting(String what, Duration poll) {
        waiting = waiting.or(() -> Optional.of(what));
        wake(Optional.of(poll));
    }

    void wake(Optional<Duration> until) {
        wake = earliest(wake, until);
    }

    /** A start that does not begin. */
    void add(Decision.Rest notBegun) {
        notBegun.problem().ifPresent(this::problem);
        waiting = waiting.or(notBegun::waiting);
        wake(notBegun.wake());
        held = held.or(notBegun::held);
    }

    static Optional<Duration> earliest(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty()) {
            return other;
        }
        return other.isEmpty() || one.get().compareTo(other.get()) <= 0 ? one : other;
    }

    /** Without an operation. */
    Decision.Rest rest() {
        var distinct = distinct(work);
        return new Decision.Rest(distinct, problem, waiting, wake, List.copyOf(events), held, List.copyOf(beside));
    }

    /**
     * Beside an operation: creations, deletions and events, on objects that the operation does not name. A list ends before
     * the first step that is none of these, since later steps may rely on it.
     */
    Decision.Rest besides(Plan operation) {
        var named = operation.steps().stream().map(Step::target).collect(Collectors.toUnmodifiableSet());
        var allowed = work.stream()
                .map(each -> each.with(each.steps().stream()
                        .takeWhile(step -> goesBeside(step, named))
                        .toList()))
                .filter(each -> !each.steps().isEmpty())
                .toList();
        return new Decision.Rest(
                distinct(allowed),
                Optional.empty(),
                Optional.empty(),
                wake,
                List.copyOf(events),
                Optional.empty(),
                List.copyOf(beside));
    }

    private static boolean goesBeside(Step step, Set<String> named) {
        return step instanceof Step.EmitEvent
                || (step instanceof Step.Create || step instanceof Step.Delete) && !named.contains(step.target());
    }

    /**
     * One step for each target. Two contributions that want the same of a target are both served by one step. Of two that
     * want different things the one of the higher tier, then of the lower plugin id, is kept.
     */
    private List<Work> distinct(List<Work> all) {
        Map<String, Wanted> byTarget = new HashMap<>();
        List<Work> kept = new ArrayList<>();
        for (var each : all) {
            var conflict = each.steps().stream()
                    .filter(step -> !(step instanceof Step.Await || step instanceof Step.EmitEvent))
                    .flatMap(
                            step -> Optional.ofNullable(byTarget.get(step.target()))
                                    .filter(wanted -> !wanted.step().equals(step))
                                    .stream())
                    .findFirst();
            if (conflict.isPresent()) {
                var first = conflict.get();
                beside.add(new Failed(
                        each.by(),
                        new Failure(
                                ErrorKind.INTERNAL,
                                "ConflictingSteps",
                                "plugins " + first.by().plugin() + " and " + each.plugin()
                                        + " want different things of "
                                        + first.step().target() + ". The first one's is done")));
            } else {
                each.steps().forEach(step -> byTarget.putIfAbsent(step.target(), new Wanted(each, step)));
                kept.add(each);
            }
        }
        return List.copyOf(kept);
    }
}
