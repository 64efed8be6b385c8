package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.plugin.deployments.KnownPodProblems.Known;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.resource.Condition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The condition {@code Degraded}: pods that do not work as they should, and contributions that failed beside the operation.
 * Present only while there are such.
 */
final class DegradedCondition {
    static final String TYPE = "Degraded";

    private DegradedCondition() {}

    static Optional<Condition> of(KnownPodProblems known, List<Failure> beside, long generation) {
        var problems = known.problems();
        var reasons = Stream.concat(
                problems.stream().map(Known::reason), beside.stream().map(Failure::code));
        var texts = Stream.concat(
                problems.stream().map(Known::text), beside.stream().map(Failure::message));
        return reasons.findFirst()
                .map(first ->
                        condition(TYPE, true, first, texts.distinct().collect(Collectors.joining("; ")), generation));
    }
}
