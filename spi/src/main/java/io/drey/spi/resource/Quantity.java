package io.drey.spi.resource;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amounts of memory and of other resources as users write them. Memory is Flink's notation first, in which {@code 2048m}
 * are mebibytes, and Kubernetes' otherwise, with blanks, in any case, and with or without a {@code B} at the end.
 */
public final class Quantity {
    private static final Pattern FLINK = Pattern.compile("(\\d+)\\s*([a-z]*)");
    private static final Map<String, Integer> FLINK_UNITS = Map.ofEntries(
            Map.entry("", 0),
            Map.entry("b", 0),
            Map.entry("bytes", 0),
            Map.entry("k", 10),
            Map.entry("kb", 10),
            Map.entry("kibibytes", 10),
            Map.entry("m", 20),
            Map.entry("mb", 20),
            Map.entry("mebibytes", 20),
            Map.entry("g", 30),
            Map.entry("gb", 30),
            Map.entry("gibibytes", 30),
            Map.entry("t", 40),
            Map.entry("tb", 40),
            Map.entry("tebibytes", 40));

    private static final Pattern QUANTITY =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:[eE]([+-]?\\d{1,2})|([KMGTPE]i|[numkMGTPE])?)");
    private static final String BINARY = "KMGTPE";
    private static final Map<String, Integer> DECIMAL =
            Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

    private Quantity() {}

    /** Bytes, empty when the text is no amount of memory. */
    public static Optional<BigDecimal> bytes(String text) {
        var flink = flink(text.strip().toLowerCase(Locale.ROOT));
        return flink.isPresent() ? flink : parse(kubernetesNotation(text)).map(Quantity::wholeBytes);
    }

    /** A quantity as Kubernetes reads it, empty when the text is none. */
    public static Optional<BigDecimal> parse(String text) {
        var match = QUANTITY.matcher(text.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        var number = new BigDecimal(match.group(1));
        if (match.group(2) != null) {
            return Optional.of(number.scaleByPowerOfTen(Integer.parseInt(match.group(2))));
        }
        var unit = match.group(3);
        if (unit == null) {
            return Optional.of(number);
        }
        if (unit.endsWith("i")) {
            return Optional.of(number.multiply(BigDecimal.valueOf(1024).pow(BINARY.indexOf(unit.charAt(0)) + 1)));
        }
        return Optional.of(number.scaleByPowerOfTen(DECIMAL.getOrDefault(unit, 0)));
    }

    private static Optional<BigDecimal> flink(String text) {
        var match = FLINK.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(FLINK_UNITS.get(match.group(2)))
                .map(power -> new BigDecimal(match.group(1)).multiply(BigDecimal.valueOf(1L << power)));
    }

    /** {@code 1 gib} as {@code 1Gi}. */
    private static String kubernetesNotation(String text) {
        var upper = text.replaceAll("\\s", "").toUpperCase(Locale.ROOT);
        var shorter = upper.endsWith("B") ? upper.substring(0, upper.length() - 1) : upper;
        return shorter.endsWith("I")
                ? shorter.substring(0, shorter.length() - 1) + "i"
                : shorter.endsWith("K") ? shorter.substring(0, shorter.length() - 1) + "k" : shorter;
    }

    private static BigDecimal wholeBytes(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.CEILING);
    }
}
