package io.drey.plugin.deployments;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An exception of a job, as its stack trace tells of it.
 *
 * @param type class name
 * @param message of the exception; the class without its package where it has none
 */
record Thrown(String type, String message) {
    private static final String CAUSED_BY = "Caused by: ";
    private static final int MANY = 20;
    private static final String UNKNOWN = "org.apache.flink.runtime.client.JobExecutionException";
    private static final Pattern HEAD = Pattern.compile("([a-z]\\w*\\.[\\w.$]+)(?:: ([\\s\\S]*)|:)?");

    /** The exception and its causes, the deepest one last; at least one, and of many the first ones and the deepest. */
    static List<Thrown> chain(String stackTrace) {
        List<Thrown> chain = new ArrayList<>();
        var head = new StringBuilder();
        boolean frames = false;
        for (var line : stackTrace.lines().toList()) {
            if (line.startsWith(CAUSED_BY)) {
                if (chain.size() < MANY - 1) {
                    chain.add(of(head.toString()));
                }
                head = new StringBuilder(line.substring(CAUSED_BY.length()));
                frames = false;
            } else if (frames || line.startsWith("\t")) {
                frames = true;
            } else {
                head.append(head.isEmpty() ? "" : "\n").append(line);
            }
        }
        chain.add(of(head.toString()));
        return chain;
    }

    /** What the first of a chain say, and always the deepest one, which says most. */
    static String summary(List<Thrown> chain) {
        return Stream.concat(chain.stream().limit(chain.size() - 1L).limit(2), Stream.of(chain.getLast()))
                .map(Thrown::message)
                .collect(Collectors.joining(" -> "));
    }

    private static Thrown of(String head) {
        var parts = HEAD.matcher(head.strip());
        if (!parts.matches()) {
            return new Thrown(UNKNOWN, head.strip());
        }
        var type = parts.group(1);
        var message = parts.group(2);
        return new Thrown(
                type, message == null || message.isBlank() ? type.substring(type.lastIndexOf('.') + 1) : message);
    }
}
