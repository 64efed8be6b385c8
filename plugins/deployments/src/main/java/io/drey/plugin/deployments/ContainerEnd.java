package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a container ended: its exit code, and the exceptions of its termination message.
 *
 * <p>The message may be the end of the container's log, which not everybody may read who may read events. So nothing of
 * it is used but the lines of the last exception and its causes.
 *
 * @param code empty when it did not end
 * @param exceptions the last exception and its causes, redacted; may be empty
 * @param line the message, redacted, if it is a single line; may be empty
 */
record ContainerEnd(Optional<Integer> code, String exceptions, String line) {
    /** Whether termination messages are used. */
    private static final ConfigKey<Boolean> MESSAGES = OperatorKeys.TERMINATION_MESSAGES;

    private static final String CAUSED_BY = "Caused by: ";
    private static final Pattern HEAD = Pattern.compile("(?:Caused by: |Exception in thread \"[^\"]*\""
            + " )?(?:[a-z]\\w*\\.)+([A-Z][\\w$]*(?:Exception|Error|Throwable))(: .*)?");
    private static final int LONGEST_LINE = 500;

    static boolean messages(FlinkConfig config) {
        return config.orFallback(MESSAGES);
    }

    /**
     * @param terminated as the pod's status has it
     * @param messages whether its message is used
     */
    static ContainerEnd of(JsonNode terminated, boolean messages) {
        var code = terminated.has("exitCode")
                ? Optional.of(terminated.path("exitCode").asInt())
                : Optional.<Integer>empty();
        var message = messages ? terminated.path("message").asText().strip() : "";
        return new ContainerEnd(code, exceptions(message), message.contains("\n") ? "" : redacted(message));
    }

    /** Of the last exception, the first two of the chain and always the deepest one, which says most. */
    private static String exceptions(String message) {
        List<String> chain = new ArrayList<>();
        for (var line : message.lines().toList()) {
            var head = HEAD.matcher(line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE));
            if (head.matches()) {
                if (!line.startsWith(CAUSED_BY)) {
                    chain.clear();
                }
                var text = head.group(2) == null ? "" : redacted(head.group(2).substring(1));
                chain.add(head.group(1) + (text.isEmpty() ? "" : ": " + text));
            }
        }
        return chain.isEmpty()
                ? ""
                : Stream.concat(chain.stream().limit(chain.size() - 1L).limit(2), Stream.of(chain.getLast()))
                        .collect(Collectors.joining(" -> "));
    }

    private static String redacted(String text) {
        var line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return Redaction.text(line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE));
    }

    /** The exceptions, else the exit code; may be empty. */
    String text() {
        return exceptions.isEmpty() ? code.map(number -> "exit code " + number).orElse("") : exceptions;
    }
}
