package io.drey.core.cli;

import io.drey.core.host.PluginsReport;
import io.drey.core.host.PluginsReport.Calls;
import io.drey.core.host.PluginsReport.Plugin;
import io.drey.core.metrics.Labels;
import io.drey.core.metrics.MetricText;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The metrics of plugins. */
final class PluginMetrics {
    private static final double MICROS = 1e6;

    private final SortedMap<Labels, List<Plugin>> plugins;

    /** Two of one version are two sets' of plugins that it depends on in two versions. Their metrics are added up. */
    private PluginMetrics(PluginsReport report) {
        plugins = report.plugins().stream()
                .collect(Collectors.groupingBy(
                        plugin -> Labels.of("plugin", plugin.id()).with("version", plugin.version()),
                        TreeMap::new,
                        Collectors.toList()));
    }

    /** @param refusals swaps that were refused since the start, each counted once however often it was tried */
    static void add(MetricText text, PluginsReport report, long refusals) {
        text.gauge("drey_plugins_generation", "Swaps of plugins since the start.", report.generation());
        text.gauge(
                "drey_plugins_refused",
                "1 while the last swap of plugins is refused, and those before stay active.",
                report.refused().isEmpty() ? 0 : 1);
        text.counter("drey_plugins_refusals_total", "Swaps of plugins that were refused.", refusals);
        new PluginMetrics(report).add(text);
        text.gauge(
                "drey_plugin_class_loaders_leaked",
                "Class loaders of unloaded plugins that something holds.",
                report.loaders().leaked());
    }

    private void add(MetricText text) {
        text.counter("drey_plugin_calls_total", "Calls that ended.", sums(Calls::total));
        text.counter("drey_plugin_calls_failed_total", "Of them, by an exception.", sums(Calls::failed));
        text.counter("drey_plugin_calls_late_total", "Calls that were interrupted.", sums(Calls::late));
        text.counter(
                "drey_plugin_calls_refused_total",
                "Calls that were not made, since the plugin misbehaved.",
                sums(Calls::refused));
        text.counter(
                "drey_plugin_call_seconds_total",
                "Time in calls that ended.",
                sums(calls -> calls.totalMicros() / MICROS));
        text.gauge("drey_plugin_calls_stuck", "Threads that a call does not return.", sums(Calls::stuck));
        text.gauge(
                "drey_plugin_resources_quarantined",
                "Resources for which the plugin is not called, since it misbehaved for them.",
                sums(Calls::quarantined));
        text.gauge(
                "drey_plugin_called",
                "0 while the plugin is not called, since it misbehaved.",
                values(same -> same.stream().allMatch(Plugin::called) ? 1 : 0));
    }

    private SortedMap<Labels, Number> sums(Function<Calls, Number> value) {
        return values(same -> same.stream()
                .mapToDouble(plugin -> value.apply(plugin.calls()).doubleValue())
                .sum());
    }

    private SortedMap<Labels, Number> values(Function<List<Plugin>, Number> value) {
        SortedMap<Labels, Number> values = new TreeMap<>();
        plugins.forEach((labels, same) -> values.put(labels, value.apply(same)));
        return values;
    }
}
