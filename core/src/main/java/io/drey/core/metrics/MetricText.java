package io.drey.core.metrics;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Metrics in the text format of Prometheus, version 0.0.4. A name is declared once. */
public final class MetricText {
    /** Content type of the text. */
    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();
    private final Set<String> names = new HashSet<>();

    /** Adds a value that rises and falls. */
    public void gauge(String name, String help, double value) {
        gauge(name, help, Map.of(Labels.NONE, value));
    }

    /** Adds values that rise and fall. */
    public void gauge(String name, String help, Map<Labels, ? extends Number> values) {
        samples(name, "gauge", help, values);
    }

    /** Adds a value that only rises; its name ends in {@code _total}. */
    public void counter(String name, String help, double value) {
        counter(name, help, Map.of(Labels.NONE, value));
    }

    /** Adds values that only rise; their name ends in {@code _total}. */
    public void counter(String name, String help, Map<Labels, ? extends Number> values) {
        samples(name, "counter", help, values);
    }

    /** Adds a histogram in seconds; its name ends in {@code _seconds}. */
    public void histogram(String name, String help, Durations durations) {
        histogram(name, help, Map.of(Labels.NONE, durations));
    }

    /** Adds histograms in seconds; their name ends in {@code _seconds}. */
    public void histogram(String name, String help, Map<Labels, Durations> durations) {
        declare(name, "histogram", help);
        durations.forEach((labels, histogram) -> {
            var counts = histogram.counts();
            long sum = 0;
            for (int i = 0; i < counts.size(); i++) {
                sum += counts.get(i);
                var bound = i < Durations.BOUNDS.size() ? number(Durations.BOUNDS.get(i)) : "+Inf";
                line(name + "_bucket", labels.with("le", bound), sum);
            }
            line(name + "_sum", labels, histogram.seconds());
            line(name + "_count", labels, sum);
        });
    }

    private void samples(String name, String type, String help, Map<Labels, ? extends Number> values) {
        declare(name, type, help);
        values.forEach((labels, value) -> line(name, labels, value.doubleValue()));
    }

    private void declare(String name, String type, String help) {
        if (!names.add(name)) {
            throw new IllegalStateException("metric " + name + " is declared twice");
        }
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, Labels labels, double value) {
        text.append(name).append(labels).append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** All that was added. */
    @Override
    public String toString() {
        return text.toString();
    }
}
