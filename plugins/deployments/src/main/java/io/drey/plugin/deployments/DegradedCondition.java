package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.plugin.deployments.KnownPodProblems.Known;
import io.drey.spi.resource.Condition;
import java.util.Optional;
import java.util.stream.Collectors;

/** The condition {@code Degraded}: pods that do not work as they should. There only while there are such. */
final class DegradedCondition {
    static final String TYPE = "Degraded";

    private DegradedCondition() {}

    static Optional<Condition> of(KnownPodProblems known, long generation) {
        var problems = known.problems();
        return problems.stream()
                .findFirst()
                .map(first -> condition(
                        TYPE,
                        true,
                        first.reason(),
                        problems.stream().map(Known::text).collect(Collectors.joining("; ")),
                        generation));
    }
}
