package io.drey.spi.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Durations in Flink's syntax: {@code 30 s}, {@code 5min}, {@code PT1H}; a bare number is milliseconds. */
public final class FlinkDuration {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?\\d+)\\s*([a-zA-Zµ]*)");

    private static final Map<String, ChronoUnit> UNITS = Map.ofEntries(
            Map.entry("", ChronoUnit.MILLIS),
            Map.entry("d", ChronoUnit.DAYS),
            Map.entry("day", ChronoUnit.DAYS),
            Map.entry("h", ChronoUnit.HOURS),
            Map.entry("hour", ChronoUnit.HOURS),
            Map.entry("m", ChronoUnit.MINUTES),
            Map.entry("min", ChronoUnit.MINUTES),
            Map.entry("minute", ChronoUnit.MINUTES),
            Map.entry("s", ChronoUnit.SECONDS),
            Map.entry("sec", ChronoUnit.SECONDS),
            Map.entry("second", ChronoUnit.SECONDS),
            Map.entry("ms", ChronoUnit.MILLIS),
            Map.entry("milli", ChronoUnit.MILLIS),
            Map.entry("millisecond", ChronoUnit.MILLIS),
            Map.entry("µs", ChronoUnit.MICROS),
            Map.entry("micro", ChronoUnit.MICROS),
            Map.entry("microsecond", ChronoUnit.MICROS),
            Map.entry("ns", ChronoUnit.NANOS),
            Map.entry("nano", ChronoUnit.NANOS),
            Map.entry("nanosecond", ChronoUnit.NANOS));

    private FlinkDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Duration parse(String text) {
        var stripped = text.strip();
        var match = NUMBER_AND_UNIT.matcher(stripped);
        if (!match.matches()) {
            try {
                return Duration.parse(stripped);
            } catch (java.time.format.DateTimeParseException e) {
                throw new IllegalArgumentException("not a duration: " + text, e);
            }
        }
        var name = match.group(2).toLowerCase(Locale.ROOT);
        var unit = UNITS.get(name);
        if (unit == null && name.endsWith("s")) {
            unit = UNITS.get(name.substring(0, name.length() - 1));
        }
        if (unit == null) {
            throw new IllegalArgumentException("not a duration: " + text);
        }
        return Duration.of(Long.parseLong(match.group(1)), unit);
    }
}
