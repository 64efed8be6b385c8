package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A Flink version as written in {@code spec.flinkVersion}, for example {@code v2_2}. Ordered by major and minor version.
 *
 * @param wire as it stands in the resource
 */
public record FlinkVersion(@JsonValue String wire) implements WireValue, Comparable<FlinkVersion> {
    public static final FlinkVersion V1_13 = new FlinkVersion("v1_13");
    public static final FlinkVersion V1_14 = new FlinkVersion("v1_14");
    public static final FlinkVersion V1_15 = new FlinkVersion("v1_15");
    public static final FlinkVersion V1_16 = new FlinkVersion("v1_16");
    public static final FlinkVersion V1_17 = new FlinkVersion("v1_17");
    public static final FlinkVersion V1_18 = new FlinkVersion("v1_18");
    public static final FlinkVersion V1_19 = new FlinkVersion("v1_19");
    public static final FlinkVersion V1_20 = new FlinkVersion("v1_20");
    public static final FlinkVersion V2_0 = new FlinkVersion("v2_0");
    public static final FlinkVersion V2_1 = new FlinkVersion("v2_1");
    public static final FlinkVersion V2_2 = new FlinkVersion("v2_2");
    public static final FlinkVersion V2_3 = new FlinkVersion("v2_3");
    public static final FlinkVersion V2_4 = new FlinkVersion("v2_4");

    /** All values of the contract, in its order. */
    public static final List<FlinkVersion> KNOWN =
            List.of(V1_13, V1_14, V1_15, V1_16, V1_17, V1_18, V1_19, V1_20, V2_0, V2_1, V2_2, V2_3, V2_4);

    private static final Pattern FORM = Pattern.compile("v(\\d{1,4})_(\\d{1,4})");

    private static final Comparator<FlinkVersion> ORDER = Comparator.comparingInt(FlinkVersion::major)
            .thenComparingInt(FlinkVersion::minor)
            .thenComparing(FlinkVersion::wire);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public FlinkVersion {
        requireNonNull(wire, "wire");
    }

    @Override
    public boolean isKnown() {
        return KNOWN.contains(this);
    }

    /** For {@code v2_1}: 2. Zero for a value that is not of this form. */
    public int major() {
        return number(1);
    }

    /** For {@code v2_1}: 1. Zero for a value that is not of this form. */
    public int minor() {
        return number(2);
    }

    /** Whether it is this version or a newer one. */
    public boolean isAtLeast(FlinkVersion other) {
        return compareTo(other) >= 0;
    }

    /** Whether clusters of this version are run: {@code v1_15} or newer. */
    public boolean isSupported() {
        return isAtLeast(V1_15);
    }

    /** Whether it is still run, but will not be for ever: older than {@code v1_19}. */
    public boolean isDeprecated() {
        return isSupported() && !isAtLeast(V1_19);
    }

    @Override
    public int compareTo(FlinkVersion other) {
        return ORDER.compare(this, other);
    }

    private int number(int group) {
        var matcher = FORM.matcher(wire);
        return matcher.matches() ? Integer.parseInt(matcher.group(group)) : 0;
    }

    @Override
    public String toString() {
        return wire;
    }
}
