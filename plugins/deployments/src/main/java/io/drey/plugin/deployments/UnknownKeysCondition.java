package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import java.util.Optional;
import java.util.stream.Collectors;

/** The condition {@code UnknownKeys}: keys of the resource that look like the operator's, and are none. There only while there are such. */
final class UnknownKeysCondition {
    static final String TYPE = "UnknownKeys";

    /** As many are named. */
    private static final int MANY = 10;

    private UnknownKeysCondition() {}

    static Optional<Condition> of(FlinkDeployment resource) {
        var unknown = resource.spec().flinkConfiguration().flatten().keySet().stream()
                .filter(OperatorKeys::unknown)
                .sorted()
                .toList();
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        var messages =
                unknown.stream().limit(MANY).map(OperatorKeys::unknownMessage).collect(Collectors.joining(" "))
                        + (unknown.size() > MANY ? " And " + (unknown.size() - MANY) + " more" : "");
        return Optional.of(condition(
                TYPE, true, "UnknownKeys", messages, resource.metadata().generation()));
    }
}
