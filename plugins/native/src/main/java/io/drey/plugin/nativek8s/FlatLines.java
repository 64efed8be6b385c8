package io.drey.plugin.nativek8s;

import io.drey.spi.config.FlinkConfig;
import java.util.regex.Pattern;

/**
 * The file of Flink 1.x: one line for each key, {@code key: value}. Its loader takes blanks at the ends away, and whatever
 * follows a #; there are no quotes. A value of more lines becomes one line.
 */
final class FlatLines {
    /** What would make another key of it, or none. */
    private static final Pattern NO_KEY = Pattern.compile("#|[\\r\\n]|: ");

    private FlatLines() {}

    static String of(FlinkConfig config) {
        var text = new StringBuilder();
        config.values().forEach((key, value) -> {
            var name = key.trim();
            var line = StartScripts.joined(value.trim());
            if (!name.isEmpty() && !line.isEmpty() && !NO_KEY.matcher(name).find()) {
                text.append(name).append(": ").append(line).append('\n');
            }
        });
        return text.toString();
    }
}
