package io.drey.plugin.validators;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a text is a cron expression as Quartz reads it: seconds to day of week, and a year if wanted. */
final class QuartzCron {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final int DAY_OF_MONTH = 3;
    private static final int DAY_OF_WEEK = 5;
    private static final List<Field> FIELDS = List.of(
            new Field("second", 0, 59, List.of(), "never"),
            new Field("minute", 0, 59, List.of(), "never"),
            new Field("hour", 0, 23, List.of(), "never"),
            new Field("day of month", 1, 31, List.of(), "\\?|L(-([1-9]|[12]\\d|30))?W?|([1-9]|[12]\\d|3[01])W"),
            new Field("month", 1, 12, MONTHS, "never"),
            new Field("day of week", 1, 7, DAYS, "\\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"),
            new Field("year", 1970, 2099, List.of(), "never"));

    private QuartzCron() {}

    /**
     * @param names that stand for numbers from {@code least} on
     * @param special what else may stand there, as a pattern
     */
    private record Field(String name, int least, int most, List<String> names, Pattern special) {
        Field(String name, int least, int most, List<String> names, String special) {
            this(name, least, most, names, Pattern.compile(special));
        }

        boolean takes(String part) {
            if (special.matcher(part).matches()) {
                return true;
            }
            var step = part.split("/", -1);
            if (step.length > 2 || step.length == 2 && !isNumber(step[1], 1, most)) {
                return false;
            }
            if (step[0].equals("*") || step[0].isEmpty() && step.length == 2) {
                return true;
            }
            var ends = step[0].split("-", -1);
            return ends.length <= 2 && isValue(ends[0]) && (ends.length == 1 || isValue(ends[1]));
        }

        private boolean isValue(String text) {
            return names.contains(text) || isNumber(text, least, most);
        }

        private static boolean isNumber(String text, int least, int most) {
            return text.matches("\\d{1,4}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most;
        }
    }

    /** Empty when it can be read. */
    static Optional<String> whatIsWrong(String text) {
        var given = text.strip().toUpperCase(Locale.ROOT).split("\\s+");
        if (given.length < FIELDS.size() - 1 || given.length > FIELDS.size()) {
            return Optional.of("a cron expression has 6 or 7 fields, found " + given.length);
        }
        for (int i = 0; i < given.length; i++) {
            var field = FIELDS.get(i);
            for (var part : given[i].split(",", -1)) {
                if (!field.takes(part)) {
                    return Optional.of("'" + part + "' is no " + field.name() + " (" + field.least() + " to "
                            + field.most() + ")");
                }
            }
        }
        if (given[DAY_OF_MONTH].equals("?") == given[DAY_OF_WEEK].equals("?")) {
            return Optional.of("one of day of month and day of week must be ?, and not both");
        }
        return Optional.empty();
    }
}
