package io.drey.plugin.validators;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** A time in which the autoscaler rests: a daily range, a cron expression, or one of each joined with {@code &&}. */
final class ExcludedPeriod {
    private static final Pattern AND = Pattern.compile("\\s*&&\\s*");
    private static final Pattern DAILY = Pattern.compile("(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm");

    private ExcludedPeriod() {}

    /** Empty when it can be read. */
    static Optional<String> whatIsWrong(String period) {
        var parts = AND.split(period, -1);
        if (parts.length > 2) {
            return Optional.of("must have at most two parts joined with &&");
        }
        int daily = 0;
        for (var part : parts) {
            var range = DAILY.matcher(part);
            if (range.matches()) {
                daily++;
                var wrong = range(range.group(1), range.group(2));
                if (wrong.isPresent()) {
                    return wrong;
                }
            } else {
                var wrong = QuartzCron.whatIsWrong(part);
                if (wrong.isPresent()) {
                    return Optional.of("must be a daily range or a cron expression: " + wrong.get());
                }
            }
        }
        return parts.length == 2 && daily != 1
                ? Optional.of("must join one daily range with one cron expression")
                : Optional.empty();
    }

    private static Optional<String> range(String from, String to) {
        try {
            return LocalTime.parse(from, TIME).isBefore(LocalTime.parse(to, TIME))
                    ? Optional.empty()
                    : Optional.of("must end after it begins");
        } catch (DateTimeException e) {
            return Optional.of("must have times from 0:00 to 23:59");
        }
    }
}
