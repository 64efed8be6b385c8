package io.drey.core.cli;

import io.drey.core.engine.Engine;
import io.drey.core.engine.ListenerQueue;
import io.drey.core.engine.PassCounts.Outcome;
import io.drey.core.flink.RestFlinkApi;
import io.drey.core.host.PluginsReport;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.loop.Loop;
import io.drey.core.loop.WorkQueue;
import io.drey.core.metrics.Labels;
import io.drey.core.metrics.MetricText;
import io.drey.core.metrics.ResponseCodes;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of a running operator. Their names are kept: alerts depend on them. */
final class OperatorMetrics {
    static final String PATH = "/metrics";

    private final WorkQueue queue;
    private final Loop loop;
    private final Engine engine;
    private final ListenerQueue listeners;
    private final Fabric8Api kubernetes;
    private final RestFlinkApi flink;
    private final InformerCache informers;

    @Inject
    OperatorMetrics(
            WorkQueue queue,
            Loop loop,
            Engine engine,
            ListenerQueue listeners,
            Fabric8Api kubernetes,
            RestFlinkApi flink,
            InformerCache informers) {
        this.queue = queue;
        this.loop = loop;
        this.engine = engine;
        this.listeners = listeners;
        this.kubernetes = kubernetes;
        this.flink = flink;
        this.informers = informers;
    }

    /** @param refusals swaps of plugins that were refused since the start */
    String text(PluginsReport plugins, long refusals) {
        var text = new MetricText();
        queue(text);
        passes(text);
        kubernetes(text);
        flink(text);
        listeners(text);
        PluginMetrics.add(text, plugins, refusals);
        return text.toString();
    }

    private void queue(MetricText text) {
        var counts = queue.counts();
        text.gauge("drey_queue_due", "Resources that wait for a worker.", counts.due());
        text.gauge("drey_queue_delayed", "Resources whose next pass has a time.", counts.delayed());
        text.counter("drey_queue_added_total", "How often a resource became due.", counts.added());
        text.counter("drey_queue_backoffs_total", "Passes that are tried again with a back-off.", counts.failed());
        text.histogram("drey_queue_wait_seconds", "Time that due resources waited for a worker.", queue.waits());
    }

    private void passes(MetricText text) {
        var counts = loop.counts();
        var passes = engine.counts();
        text.histogram("drey_pass_seconds", "Reconciliations that ended, by outcome.", passes.byOutcome());
        text.counter(
                "drey_internal_failures_total",
                "Reconciliations that a bug of a plugin or of the operator failed. Worth an alert.",
                passes.of(Outcome.INTERNAL).count() + counts.failed());
        text.counter("drey_passes_interrupted_total", "Reconciliations beyond their deadline.", counts.interrupted());
        text.counter("drey_workers_stuck_total", "Workers that were abandoned and replaced.", counts.stuck());
        text.gauge("drey_workers_busy", "Workers that run a reconciliation.", counts.busy());
    }

    private void kubernetes(MetricText text) {
        text.counter(
                "drey_kubernetes_requests_total",
                "Requests to the API server without its watches. Code none: no response.",
                kubernetes.requests().byCode());
        text.histogram(
                "drey_kubernetes_request_seconds",
                "Duration of requests to the API server.",
                kubernetes.requests().durations());
        text.gauge(
                "drey_resources",
                "Custom resources that are watched.",
                informers.resources().size());
        text.gauge(
                "drey_resources_unreadable",
                "Of them, that cannot be read, and are left alone until they are changed.",
                informers.unreadable());
        text.gauge("drey_watches", "Watches by state. A refused one is forbidden or absent.", watches());
        text.gauge(
                "drey_informers_failing",
                "Informers that have lost the API server, or have no permission.",
                informers.problems().size());
    }

    private void flink(MetricText text) {
        var polls = flink.polls();
        text.gauge("drey_flink_clusters", "Flink clusters that are polled.", polls.clusters());
        text.gauge("drey_flink_clusters_unseen", "Of them, not polled for the first time yet.", polls.unseen());
        text.gauge("drey_flink_clusters_unreachable", "Of them, not reached at the last poll.", polls.unreachable());
        var counts = flink.counts();
        text.counter(
                "drey_flink_requests_total",
                "Requests to JobManagers. Code none: no response; other: an unusual code.",
                ResponseCodes.labelled(counts.requests(), counts.unanswered()));
        text.gauge("drey_flink_requests_under_way", "Requests to JobManagers that have not ended.", counts.underWay());
        text.counter(
                "drey_flink_polls_late_total",
                "Polls that began more than a second after they were due.",
                counts.late());
    }

    private Map<Labels, Long> watches() {
        Map<Labels, Long> states = new TreeMap<>();
        informers
                .watches()
                .forEach((state, count) -> states.put(Labels.of("state", state.toLowerCase(Locale.ROOT)), count));
        return states;
    }

    private void listeners(MetricText text) {
        var counts = listeners.counts();
        text.gauge("drey_listener_reports_waiting", "Reports that wait for listeners.", counts.waiting());
        text.gauge("drey_listener_reports_waiting_bytes", "Heap that these occupy, estimated.", counts.bytes());
        text.counter("drey_listener_reports_delivered_total", "Reports that a listener took.", counts.delivered());
        text.counter("drey_listener_reports_failed_total", "Reports that a listener failed on.", counts.failed());
        text.counter(
                "drey_listener_reports_dropped_total",
                "Reports that a listener did not get, since there was no room.",
                counts.dropped());
    }
}
