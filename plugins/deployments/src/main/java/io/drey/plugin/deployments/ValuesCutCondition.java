package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The condition {@code ValuesCut}: keys whose value the configuration file of Flink 1.x cannot carry whole. It has one line
 * for a key, and takes what follows a # for a comment. There only while there are such keys.
 */
final class ValuesCutCondition {
    static final String TYPE = "ValuesCut";
    static final String REASON = "ValuesCut";

    private static final Pattern COMMENT = Pattern.compile("#");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n]");

    private ValuesCutCondition() {}

    static Optional<Condition> of(FlinkDeployment resource, FlinkConfig config) {
        var before20 = resource.spec()
                .flinkVersion()
                .filter(version -> !version.isAtLeast(FlinkVersion.V2_0))
                .isPresent();
        var comments = before20 ? keys(config, COMMENT) : List.<String>of();
        var breaks = before20 ? keys(config, LINE_BREAK) : List.<String>of();
        if (comments.isEmpty() && breaks.isEmpty()) {
            return Optional.empty();
        }
        var message = new StringBuilder();
        if (!comments.isEmpty()) {
            message.append("Flink before 2.0 ignores # and what follows it in the value of ")
                    .append(String.join(", ", comments))
                    .append(". ");
        }
        if (!breaks.isEmpty()) {
            message.append("Flink before 2.0 gets blanks in place of line breaks in the value of ")
                    .append(String.join(", ", breaks))
                    .append(". ");
        }
        message.append("Write the value in another way, or use Flink 2.0 or newer");
        return Optional.of(condition(
                TYPE, true, REASON, message.toString(), resource.metadata().generation()));
    }

    /** Options of JVMs get there in another way; the operator's own keys never reach Flink. */
    private static List<String> keys(FlinkConfig config, Pattern lost) {
        return config.values().entrySet().stream()
                .filter(entry -> lost.matcher(entry.getValue().strip()).find())
                .map(Map.Entry::getKey)
                .filter(key -> !key.startsWith("kubernetes.operator.") && !key.startsWith("job.autoscaler."))
                .filter(key -> !key.startsWith("env.java."))
                .toList();
    }
}
