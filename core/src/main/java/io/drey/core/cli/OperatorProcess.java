package io.drey.core.cli;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import io.drey.core.config.OperatorConfig;
import io.drey.core.config.ReloadedFlinkConfigs;
import io.drey.core.engine.Engine;
import io.drey.core.engine.ListenerQueue;
import io.drey.core.health.AdminServer;
import io.drey.core.health.HealthServer;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.host.PluginWatch;
import io.drey.core.host.PluginWatch.Retry;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.kubernetes.InformerCache.WhenRefused;
import io.drey.core.loop.Loop;
import io.drey.core.metrics.MetricText;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running operator: what {@link OperatorModule} wires, started in order, and closed in reverse. */
final class OperatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);

    private static final Duration LOOK_FOR_PLUGINS = Duration.ofMillis(500);
    private static final Retry RETRY_REFUSED = new Retry(Duration.ofSeconds(30), Duration.ofMinutes(10));

    private final OperatorConfig config;
    private final Sources sources;
    private final PluginHost host;
    private final CallWatch calls;
    private final InformerCache informers;
    private final ReloadedFlinkConfigs defaults;
    private final ListenerQueue listeners;
    private final Exchange exchange;
    private final Turn turn;
    private final Loop loop;
    private final Pages pages;
    private final OperatorMetrics metrics;
    private final Engine engine;
    private Set<String> toldToWait = Set.of();

    @Inject
    OperatorProcess(
            OperatorConfig config,
            Sources sources,
            PluginHost host,
            CallWatch calls,
            InformerCache informers,
            ReloadedFlinkConfigs defaults,
            ListenerQueue listeners,
            Exchange exchange,
            Turn turn,
            Loop loop,
            Pages pages,
            OperatorMetrics metrics,
            Engine engine) {
        this.config = config;
        this.sources = sources;
        this.host = host;
        this.calls = calls;
        this.informers = informers;
        this.defaults = defaults;
        this.listeners = listeners;
        this.exchange = exchange;
        this.turn = turn;
        this.loop = loop;
        this.pages = pages;
        this.metrics = metrics;
        this.engine = engine;
    }

    /**
     * Starts everything. When it fails, nothing is left running.
     *
     * @return what ends it
     */
    static Parts start(Sources sources, Optional<Path> kubeconfig, long began) {
        LOG.info("Drey {}, Java {}", DreyVersion.current(), Runtime.version());
        var config = sources.read();
        var offer = sources.offer(config);
        if (!config.unsupported().isEmpty()) {
            LOG.warn("accepted, but not supported yet: {}", String.join(", ", config.unsupported()));
        }
        config.unknown().forEach(key -> LOG.warn("unknown key: {}", key));
        config.needless().forEach(key -> LOG.info("without effect: {}", key));
        // Beside the plugins: each takes about half of the start.
        var connecting = new FutureTask<>(() -> KubernetesClients.ofOperator(kubeconfig));
        Thread.ofPlatform().name("drey-connect").daemon().start(connecting);
        var parts = new Parts();
        try {
            var calls = new CallWatch(CallWatch.Limits.within(config.pluginDeadline()));
            parts.add(calls);
            var host = new PluginHost(config.privateDirectory(), DreyVersion.current(), Clock.systemUTC(), calls);
            parts.add(host);
            load(host, offer);
            var client = made(connecting);
            parts.add(client);
            LOG.info("API server {}", client.getMasterUrl());
            Guice.createInjector(new OperatorModule(config, sources, client, host, calls, parts))
                    .getInstance(OperatorProcess.class)
                    .run(parts, began);
            return parts;
        } catch (CreationException | ProvisionException e) {
            parts.close();
            throw new IllegalStateException("a part cannot be made: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static void load(PluginHost host, Offer offer) {
        var plugins = host.load(offer);
        if (plugins.isEmpty()) {
            throw new IllegalArgumentException("there are no plugins in " + offer.directories()
                    + ": start it with bin/drey, which knows where they are, or name folders with --plugins");
        }
        for (var plugin : plugins) {
            LOG.info(
                    "plugin {} {} (sha256 {})",
                    plugin.id(),
                    plugin.version(),
                    plugin.sha256().substring(0, 12));
        }
    }

    /** Informers have listed before the probe answers, and before the first worker takes a key. */
    void run(Parts parts, long began) {
        // The port is taken before anything is written to the cluster by a process that cannot stay.
        var health = config.healthPort().map(port -> new HealthServer(port, informers::problems));
        health.ifPresent(parts::add);
        var admin = new AdminServer(config.adminPort());
        parts.add(admin);
        try (var generation = host.enter()) {
            exchange.watch(generation, config.stopsWhenRefused() ? WhenRefused.FAIL : WhenRefused.RETRY);
        }
        host.onChange(exchange);
        calls.add(CallWatch.Owner.of(loop::isWorker, loop::giveUp));
        calls.add(CallWatch.Owner.of(thread -> false, listeners::giveUp));
        var changes = new PluginWatch(host, this::offered, this::files, exchange, LOOK_FOR_PLUGINS, RETRY_REFUSED);
        parts.add(changes);
        changes.start();
        // A standby is well, too.
        health.ifPresent(server -> {
            server.text(
                    OperatorMetrics.PATH,
                    MetricText.TYPE,
                    () -> metrics.text(host.report(changes.refused()), changes.refusals()));
            server.start();
        });
        pages.addTo(admin, changes::refused);
        PlanPage.addTo(admin, engine::plan);
        admin.start();
        // With warm caches.
        turn.await(parts);
        loop.start(config.workers());
        LOG.info(
                "watching {}, {} resources, ready after {} ms",
                config.namespaces().isEmpty() ? "all namespaces" : config.namespaces(),
                informers.resources().size(),
                (System.nanoTime() - began) / 1_000_000);
    }

    /** What counts when it changes, beside plugin jars. */
    private List<Path> files() {
        return config.reloads()
                ? Stream.concat(sources.files().stream(), host.files().stream()).toList()
                : List.of();
    }

    /** What the files offer now; new defaults count from here on, whatever becomes of the plugins. */
    private Offer offered() {
        var now = config.reloads() ? sources.read() : config;
        var changed = defaults.take(now.defaults());
        if (!changed.isEmpty()) {
            // Names only: a value may be a secret.
            LOG.info("default configuration changed, for the next change of each resource: {}", changed);
        }
        var waiting = now.waitForStart(config);
        if (!waiting.equals(toldToWait)) {
            toldToWait = waiting;
            LOG.warn("other values than at the start, which count from the next one on: {}", waiting);
        }
        exchange.force(now.forcesSwaps());
        return sources.offer(now);
    }

    private static KubernetesClient made(Future<KubernetesClient> connecting) {
        try {
            return connecting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the start", e);
        }
    }
}
