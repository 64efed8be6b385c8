package io.drey.plugin.validators;

import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Settings of the autoscaler, when it is on: numbers in their ranges, periods that can be read, a window long enough. */
final class AutoscalerRule extends JobRule {
    private static final String PREFIX = "job.autoscaler.";
    private static final String OLD_PREFIX = "kubernetes.operator.";

    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.AUTOSCALER;
    private static final ConfigKey<Optional<Double>> TARGET = number("utilization.target", "target.utilization");

    private static final ConfigKey<Duration> WINDOW = OperatorKeys.AUTOSCALER_WINDOW;
    private static final ConfigKey<Duration> RECONCILE = OperatorKeys.RECONCILE_INTERVAL;
    private static final ConfigKey<Optional<String>> EXCLUDED =
            ConfigKey.text(PREFIX + "excluded.periods", OLD_PREFIX + PREFIX + "excluded.periods");

    /**
     * A number and where it must lie.
     *
     * @param when the switch of the feature that reads it; empty when it is always read
     */
    private record Range(
            ConfigKey<Optional<Double>> key, double least, double most, Optional<ConfigKey<Boolean>> when) {
        static Range always(String name, double least, double most) {
            return new Range(number(name), least, most, Optional.empty());
        }

        static Range when(String feature, String name, double least, double most) {
            return new Range(number(name), least, most, Optional.of(flag(feature)));
        }
    }

    private static final List<Range> RANGES = List.of(
            Range.always("scale-down.max-factor", 0, Double.POSITIVE_INFINITY),
            Range.always("scale-up.max-factor", 0, Double.POSITIVE_INFINITY),
            new Range(TARGET, 0, 1, Optional.empty()),
            Range.always("target.utilization.boundary", 0, Double.POSITIVE_INFINITY),
            Range.always("memory.gc-pressure.threshold", 0, 1),
            Range.always("memory.heap-usage.threshold", 0, 1),
            Range.when("observed-scalability.enabled", "observed-scalability.coefficient-min", 0.01, 1),
            Range.when("scaling.effectiveness.detection.enabled", "scaling.effectiveness.threshold", 0, 1),
            Range.when("memory.tuning.enabled", "memory.tuning.overhead", 0, 1));

    AutoscalerRule() {
        super(2000);
    }

    @Override
    List<Violation> check(JobCandidate candidate) {
        var config = candidate.config();
        if (!config.get(ENABLED)) {
            return List.of();
        }
        var found = new ArrayList<Violation>();
        for (var range : RANGES) {
            if (range.when().map(config::get).orElse(true)) {
                outside(config, range).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            double target = config.get(TARGET).orElse(OperatorKeys.AUTOSCALER_TARGET.fallback());
            outside(config, Range.always("utilization.max", target, 1)).ifPresent(found::add);
            outside(config, Range.always("utilization.min", 0, target)).ifPresent(found::add);
        }
        found.addAll(periods(config.get(EXCLUDED).orElse("")));
        window(config).ifPresent(found::add);
        return found;
    }

    private static Optional<Violation> outside(FlinkConfig config, Range range) {
        var name = range.key().name();
        var allowed = range.most() == Double.POSITIVE_INFINITY
                ? range.least() + " or more"
                : "from " + range.least() + " to " + range.most();
        try {
            return config.get(range.key())
                    .filter(value -> !(value >= range.least() && value <= range.most()))
                    .map(value -> Violation.of(
                            CONFIG + name,
                            "Found " + value + ", must be " + allowed,
                            "Correct the value or leave the key out"));
        } catch (BadConfig e) {
            return Optional.of(Violation.of(
                    CONFIG + e.key(), e.getMessage() + ", " + allowed, "Correct the value or leave the key out"));
        }
    }

    private static List<Violation> periods(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(period -> !period.isEmpty())
                .flatMap(period -> ExcludedPeriod.whatIsWrong(period).stream()
                        .map(wrong -> Violation.of(
                                CONFIG + EXCLUDED.name(),
                                "Found '" + period + "', " + wrong,
                                "Write 9:30-11:30, a Quartz cron expression such as * * 9-11 ? * 2-6,"
                                        + " or both joined with &&, and separate several by ;")))
                .toList();
    }

    private static Optional<Violation> window(FlinkConfig config) {
        var window = config.get(WINDOW);
        var interval = config.get(RECONCILE);
        if (window.compareTo(interval) >= 0) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                CONFIG + WINDOW.name(),
                "Found " + window.toMillis() + " ms, must be at least " + RECONCILE.name() + ", " + interval.toMillis()
                        + " ms: metrics are collected once in that time",
                "Set a longer window"));
    }

    private static ConfigKey<Boolean> flag(String name) {
        return ConfigKey.bool(PREFIX + name, false, OLD_PREFIX + PREFIX + name);
    }

    private static ConfigKey<Optional<Double>> number(String name, String... olderNames) {
        var aliases = new ArrayList<String>();
        aliases.add(OLD_PREFIX + PREFIX + name);
        for (var older : olderNames) {
            aliases.add(PREFIX + older);
            aliases.add(OLD_PREFIX + PREFIX + older);
        }
        return new ConfigKey<>(
                PREFIX + name,
                aliases,
                Optional.empty(),
                "a number",
                text -> Optional.of(Double.valueOf(text.strip())));
    }
}
