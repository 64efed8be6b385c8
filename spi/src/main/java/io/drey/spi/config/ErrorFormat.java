package io.drey.spi.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much {@code status.error} says. A status has to stay small whatever is configured, and its errors recognisable, so that there are
 * bounds to these.
 *
 * @param stackTrace whether it has stack traces
 * @param stackTraceLength of a stack trace, in characters
 * @param fieldLength of any other text, in characters
 * @param throwables how many causes it lists
 * @param labels regular expression to the label of errors that it is found in
 */
public record ErrorFormat(
        boolean stackTrace, int stackTraceLength, int fieldLength, int throwables, Map<String, String> labels) {
    /** Regular expression to label. */
    public static final ConfigKey<Map<String, String>> LABELS = OperatorKeys.EXCEPTION_LABELS;

    private static final ConfigKey<Boolean> STACK_TRACE = OperatorKeys.STACK_TRACE;
    private static final ConfigKey<Integer> STACK_TRACE_LENGTH = OperatorKeys.STACK_TRACE_LENGTH;
    private static final ConfigKey<Integer> FIELD_LENGTH = OperatorKeys.FIELD_LENGTH;
    private static final ConfigKey<Integer> THROWABLES = OperatorKeys.THROWABLES;
    /** Less than the longest name of an error's type, errors would not be told apart any more. */
    private static final int MIN_FIELD_LENGTH = 100;

    private static final int MAX_LENGTH = 16_384;
    private static final int MAX_THROWABLES = 20;

    public ErrorFormat {
        stackTraceLength = Math.max(0, Math.min(stackTraceLength, MAX_LENGTH));
        fieldLength = Math.max(MIN_FIELD_LENGTH, Math.min(fieldLength, MAX_LENGTH));
        throwables = Math.max(0, Math.min(throwables, MAX_THROWABLES));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** As configured; the default of what is malformed. */
    public static ErrorFormat of(FlinkConfig config) {
        return new ErrorFormat(
                config.orFallback(STACK_TRACE),
                config.orFallback(STACK_TRACE_LENGTH),
                config.orFallback(FIELD_LENGTH),
                config.orFallback(THROWABLES),
                labels(config));
    }

    /** In one text, or as a tree of YAML, which is a key for each. */
    private static Map<String, String> labels(FlinkConfig config) {
        var labels = new LinkedHashMap<>(config.orFallback(LABELS));
        var prefix = LABELS.name() + ".";
        config.values().forEach((key, label) -> {
            if (key.startsWith(prefix)) {
                labels.put(key.substring(prefix.length()), label);
            }
        });
        return labels;
    }
}
