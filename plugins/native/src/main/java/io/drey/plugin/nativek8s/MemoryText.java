package io.drey.plugin.nativek8s;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.configuration.MemorySize;

/** Amounts of memory: in Flink's notation first (2g is 2 gibibytes), otherwise in Kubernetes' (2Gi, 1.5G, 1e9). */
final class MemoryText {
    private static final Pattern QUANTITY = Pattern.compile("([0-9.]+(?:E[+-]?[0-9]+)?)([KMGTPE]?)(I?)B?");

    private static final Map<String, Integer> POWERS = Map.of("", 0, "K", 1, "M", 2, "G", 3, "T", 4, "P", 5, "E", 6);

    private MemoryText() {}

    /** @param field for the message */
    static MemorySize parse(String text, String field) {
        try {
            return MemorySize.parse(text);
        } catch (IllegalArgumentException notFlinks) {
            return quantity(text, field);
        }
    }

    private static MemorySize quantity(String text, String field) {
        var match = QUANTITY.matcher(text.replaceAll("\\s", "").toUpperCase(Locale.ROOT));
        if (match.matches()) {
            var binary = match.group(3).equals("I");
            var power = POWERS.getOrDefault(match.group(2), 0);
            if (!binary || power > 0) {
                try {
                    var unit = binary ? BigInteger.TWO.pow(10 * power) : BigInteger.TEN.pow(3 * power);
                    return new MemorySize(new BigDecimal(match.group(1))
                            .multiply(new BigDecimal(unit))
                            .setScale(0, java.math.RoundingMode.UP)
                            .longValueExact());
                } catch (ArithmeticException | NumberFormatException e) {
                    throw bad(text, field);
                }
            }
        }
        throw bad(text, field);
    }

    private static IllegalArgumentException bad(String text, String field) {
        return new IllegalArgumentException(field + ": found '" + text
                + "', must be an amount of memory such as 2g, 2048m or 2Gi. Write it in one of these forms");
    }
}
