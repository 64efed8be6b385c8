package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.JobSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What all of this is called: {@code lifecycleState} and the conditions. */
final class SummaryReducer {
    /** Conditions of ours that are there only while they hold. */
    private static final Set<String> OPTIONAL = Set.of(
            RunningCondition.TYPE,
            DegradedCondition.TYPE,
            WithoutEffectCondition.TYPE,
            ValuesCutCondition.TYPE,
            UnknownKeysCondition.TYPE);

    private final Recorded recorded;
    private final PodProblemsPart problems;

    SummaryReducer(Recorded recorded, PodProblemsPart problems) {
        this.recorded = recorded;
        this.problems = problems;
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        var last = recorded.last(resource);
        var jobState = last.flatMap(record -> record.spec().job()).map(JobSpec::state);
        var status = resource.status().withLifecycleState(resource.status().deriveLifecycleState(jobState));
        var named = resource.withStatus(status);
        List<Condition> conditions = new ArrayList<>();
        last.ifPresent(record -> conditions.add(RunningCondition.of(named, record.spec())));
        var known = problems.after(turn);
        conditions.addAll(new ProgressConditions(named, turn, known).all());
        DegradedCondition.of(known, turn.beside(), resource.metadata().generation())
                .ifPresent(conditions::add);
        var config = turn.situation().config();
        for (var found : List.of(
                WithoutEffectCondition.of(resource),
                ValuesCutCondition.of(resource, config),
                UnknownKeysCondition.of(resource))) {
            found.ifPresent(condition -> {
                conditions.add(condition);
                WithoutEffectCondition.event(condition, status.conditions()).ifPresent(events::add);
            });
        }
        return resource.withStatus(status.withConditions(
                merged(status.conditions(), conditions, turn.situation().now())));
    }

    /** Conditions of others stay; the time of ours changes only with their status. */
    private static List<Condition> merged(List<Condition> before, List<Condition> computed, Instant now) {
        List<Condition> merged = new ArrayList<>();
        for (var condition : computed) {
            var since = before.stream()
                    .filter(old ->
                            old.type().equals(condition.type()) && old.status().equals(condition.status()))
                    .findFirst()
                    .flatMap(Condition::lastTransitionTime);
            merged.add(condition.withLastTransitionTime(since.orElse(now)));
        }
        before.stream()
                .filter(old -> !OPTIONAL.contains(old.type()))
                .filter(old -> computed.stream().noneMatch(ours -> ours.type().equals(old.type())))
                .forEach(merged::add);
        return merged;
    }
}
