package io.drey.core.cli;

import io.drey.core.host.PluginsReport;
import io.drey.core.host.PluginsReport.Calls;
import io.drey.core.host.PluginsReport.Plugin;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The plugins in numbers, as Prometheus reads them: its text format, version 0.0.4. */
final class PluginMetrics {
    static final String PATH = "/metrics";

    /** Content type of {@link #text}. */
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double MICROS = 1e6;

    private final StringBuilder text = new StringBuilder();

    private PluginMetrics() {}

    /**
     * All of them.
     *
     * @param refusals changes that were refused since the start, each told once however often it was tried
     */
    static String text(PluginsReport report, long refusals) {
        var metrics = new PluginMetrics();
        metrics.of(report, refusals);
        return metrics.text.toString();
    }

    private void of(PluginsReport report, long refusals) {
        one("drey_plugins_generation", "gauge", "Exchanges of plugins since the start.", report.generation());
        one(
                "drey_plugins_refused",
                "gauge",
                "1 while the last change of plugins is refused and those before go on.",
                report.refused().isEmpty() ? 0 : 1);
        one("drey_plugins_refusals_total", "counter", "Changes of plugins that were refused.", refusals);
        var plugins = byLabels(report.plugins());
        each(plugins, "drey_plugin_calls_total", "counter", "Calls that ended.", calls -> calls.total());
        each(
                plugins,
                "drey_plugin_calls_failed_total",
                "counter",
                "Of them, by an exception.",
                calls -> calls.failed());
        each(plugins, "drey_plugin_calls_late_total", "counter", "Calls that were interrupted.", calls -> calls.late());
        each(
                plugins,
                "drey_plugin_calls_refused_total",
                "counter",
                "Calls that were not made, since the plugin misbehaved.",
                calls -> calls.refused());
        each(
                plugins,
                "drey_plugin_call_seconds_total",
                "counter",
                "Time in calls that ended.",
                calls -> calls.totalMicros() / MICROS);
        each(plugins, "drey_plugin_calls_stuck", "gauge", "Threads that a call does not give back.", Calls::stuck);
        head("drey_plugin_called", "gauge", "0 while the plugin is not called, since it misbehaved.");
        plugins.forEach((labels, same) ->
                line("drey_plugin_called", labels, same.stream().allMatch(Plugin::called) ? 1 : 0));
        one(
                "drey_plugin_class_loaders_leaked",
                "gauge",
                "Class loaders of unloaded plugins that something holds.",
                report.loaders().leaked());
    }

    /** Two of one version are two sets' of plugins that it depends on in two versions. They are one to who counts. */
    private static SortedMap<String, List<Plugin>> byLabels(List<Plugin> plugins) {
        return plugins.stream()
                .collect(Collectors.groupingBy(
                        plugin -> "{plugin=\"" + escaped(plugin.id()) + "\",version=\"" + escaped(plugin.version())
                                + "\"}",
                        TreeMap::new,
                        Collectors.toList()));
    }

    private void each(
            Map<String, List<Plugin>> plugins, String name, String type, String help, Function<Calls, Number> value) {
        head(name, type, help);
        plugins.forEach((labels, same) -> line(
                name,
                labels,
                same.stream()
                        .mapToDouble(plugin -> value.apply(plugin.calls()).doubleValue())
                        .sum()));
    }

    private void one(String name, String type, String help, long value) {
        head(name, type, help);
        line(name, "", value);
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String labels, double value) {
        text.append(name).append(labels).append(' ');
        if (value == Math.rint(value)) {
            text.append((long) value);
        } else {
            text.append(value);
        }
        text.append('\n');
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
