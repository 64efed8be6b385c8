package io.drey.plugin.nativek8s;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

/** Amounts of CPU in Kubernetes' notation: 0.5, 500m. */
final class CpuText {
    private static final Pattern QUANTITY = Pattern.compile("([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([num]?|k)");

    private static final Map<String, Integer> POWERS = Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3);

    private CpuText() {}

    /** @param field for the message */
    static double parse(String text, String field) {
        var match = QUANTITY.matcher(text.strip());
        if (match.matches()) {
            try {
                return new BigDecimal(match.group(1))
                        .scaleByPowerOfTen(POWERS.getOrDefault(match.group(2), 0))
                        .doubleValue();
            } catch (NumberFormatException e) {
                throw bad(text, field);
            }
        }
        throw bad(text, field);
    }

    private static IllegalArgumentException bad(String text, String field) {
        return new IllegalArgumentException(field + ": found '" + text
                + "', must be a number of CPUs such as 0.5 or 500m. Write it in one of these forms");
    }
}
