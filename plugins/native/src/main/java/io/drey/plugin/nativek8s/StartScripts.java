package io.drey.plugin.nativek8s;

import io.drey.spi.config.FlinkConfig;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The keys that Flink's start scripts read by themselves, before a JVM runs. They take one line for a value, and know
 * nothing of YAML: quotes are part of the value, and a value of more lines is lost.
 */
final class StartScripts {
    /** Read from the file itself, and not from what Flink makes of it. */
    static final String JAVA_HOME = "env.java.home";

    /** A line of each key and of each further line of a value goes through {@code tail}. */
    private static final int LINES = 1000;

    private static final Set<String> KEYS = Set.of(
            "taskmanager.compute.numa",
            "high-availability",
            "high-availability.type",
            "recovery.mode",
            "zookeeper.heap.mb");
    private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\r\\n]\\s*");
    private static final Pattern IN_QUOTES = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9]\\d{0,8}");

    private StartScripts() {}

    static boolean read(String key) {
        return key.startsWith("env.") || KEYS.contains(key);
    }

    /** With the values that scripts read on one line each, without quotes around them. Options of a JVM stay the same. */
    static FlinkConfig onOneLine(FlinkConfig config) {
        var values = new TreeMap<>(config.values());
        values.replaceAll((key, value) -> read(key) ? onOneLine(value) : value);
        return new FlinkConfig(values);
    }

    private static String onOneLine(String value) {
        var line = joined(value.strip());
        var quoted = IN_QUOTES.matcher(line);
        return quoted.matches() ? quoted.group(1).strip() : line;
    }

    /** The lines of a value with a blank between. */
    static String joined(String value) {
        return LINE_BREAKS.matcher(value).replaceAll(" ");
    }

    /** The value of one of these keys, of the type that YAML writes without quotes. */
    static Object unquoted(String value) {
        if (NUMBER.matcher(value).matches()) {
            return Integer.valueOf(value);
        }
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        return value;
    }

    /** Scripts of Flink 1.19 and newer read the last lines only, in no certain order: options of a JVM may be lost. */
    static void refuseTooManyLines(FlinkConfig config) {
        if (config.values().keySet().stream().noneMatch(key -> key.startsWith("env."))) {
            return;
        }
        var lines = new TreeMap<String, Long>();
        config.values()
                .forEach((key, value) ->
                        lines.put(key, 1 + value.chars().filter(c -> c == '\n').count()));
        var all = lines.values().stream().mapToLong(Long::longValue).sum();
        if (all > LINES) {
            var longest =
                    lines.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
            throw new IllegalArgumentException(longest.getKey() + ": found " + longest.getValue()
                    + " lines, and " + all + " in the whole configuration, of which Flink's start scripts read "
                    + LINES + "; must be fewer. Write the value with fewer line breaks, or put it into a file");
        }
    }
}
