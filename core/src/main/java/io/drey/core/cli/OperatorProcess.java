package io.drey.core.cli;

import io.drey.core.config.LayeredFlinkConfigs;
import io.drey.core.config.OperatorConfig;
import io.drey.core.engine.Engine;
import io.drey.core.engine.ListenerQueue;
import io.drey.core.flink.Endpoints;
import io.drey.core.flink.FlinkRest;
import io.drey.core.flink.RestFlinkApi;
import io.drey.core.health.HealthServer;
import io.drey.core.host.PluginHost;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.loop.Loop;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of a running operator, wired by hand in the order in which they start. */
final class OperatorProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final Duration PASS_DEADLINE = Duration.ofSeconds(60);

    private final List<AutoCloseable> parts;

    private OperatorProcess(List<AutoCloseable> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Starts everything; on the way back, or when it fails, the caller is left with nothing running. */
    static OperatorProcess start(
            OperatorConfig config, List<Path> pluginDirectories, Optional<Path> kubeconfig, long began) {
        var clock = Clock.systemUTC();
        LOG.info("Drey {}, Java {}", DreyVersion.current(), Runtime.version());
        if (!config.unsupported().isEmpty()) {
            LOG.warn("accepted, but not supported yet: {}", String.join(", ", config.unsupported()));
        }
        // Beside the plugins: each takes about half of the start.
        var connecting = new FutureTask<>(() -> client(kubeconfig));
        Thread.ofPlatform().name("drey-connect").daemon().start(connecting);
        var host = new PluginHost(config.privateDirectory(), DreyVersion.current(), config.plugins(), clock);
        var plugins = host.load(pluginDirectories);
        if (plugins.isEmpty()) {
            throw new IllegalArgumentException("there are no plugins in " + pluginDirectories
                    + ": start it with bin/drey, which knows where they are, or name folders with --plugins");
        }
        for (var plugin : plugins) {
            LOG.info(
                    "plugin {} {} (sha256 {})",
                    plugin.id(),
                    plugin.version(),
                    plugin.sha256().substring(0, 12));
        }
        var features = host.features();
        List<AutoCloseable> parts = new ArrayList<>();
        try {
            var queue = new WorkQueue(System::nanoTime);
            var client = made(connecting);
            parts.add(client);
            LOG.info("API server {}", client.getMasterUrl());
            var api = new Fabric8Api(client, features.kinds(), clock);
            var rest = new FlinkRest(config.flinkTimeout());
            var flink = new RestFlinkApi(rest, endpoints(api), queue, clock, config.flinkTimeout());
            parts.add(flink);
            var listeners = new ListenerQueue();
            parts.add(listeners);
            var informers = new InformerCache(client, features.kinds(), queue);
            parts.add(informers);
            var engine = new Engine(
                    host,
                    informers,
                    api,
                    flink,
                    new LayeredFlinkConfigs(config.defaults()),
                    clock,
                    () -> UUID.randomUUID().toString().replace("-", ""),
                    listeners,
                    new Engine.RetryTimes(config.retryLimit()));
            var health = config.healthPort().map(port -> new HealthServer(port, informers::problems));
            List<Watch> watches = new ArrayList<>();
            features.factSources().forEach(source -> watches.addAll(source.needs()));
            informers.start(watches, config.namespaces(), config.labelSelector());
            var loop = new Loop(queue, engine::pass, PASS_DEADLINE, config.terminationTimeout());
            parts.add(loop);
            loop.start(config.workers());
            health.ifPresent(server -> {
                server.start();
                parts.add(server);
            });
            LOG.info(
                    "watching {}, {} resources, ready after {} ms",
                    config.namespaces().isEmpty() ? "all namespaces" : config.namespaces(),
                    informers.resources().size(),
                    (System.nanoTime() - began) / 1_000_000);
            return new OperatorProcess(parts);
        } catch (RuntimeException e) {
            new OperatorProcess(parts).close();
            throw e;
        }
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

    private static KubernetesClient client(Optional<Path> kubeconfig) {
        try {
            var base = kubeconfig.isPresent()
                    ? Config.fromKubeconfig(Files.readString(kubeconfig.get()))
                    : new ConfigBuilder().build();
            var config = new ConfigBuilder(base)
                    .withRequestTimeout(10_000)
                    .withConnectionTimeout(5_000)
                    .withRequestRetryBackoffLimit(0)
                    .build();
            return new KubernetesClientBuilder().withConfig(config).build();
        } catch (IOException e) {
            throw new UncheckedIOException(kubeconfig.map(Path::toString).orElse("") + " cannot be read", e);
        }
    }

    /** By service name inside of a cluster; outside, by the service's address. */
    private static Endpoints endpoints(KubernetesApi api) {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null
                ? Endpoints.inCluster()
                : flink -> serviceAddress(api, flink);
    }

    private static Optional<URI> serviceAddress(KubernetesApi api, FlinkRef flink) {
        try {
            return api.get(new ObjectKey("v1", "Service", flink.namespace(), flink.service()))
                    .map(service -> service.path("spec").path("clusterIP").asText())
                    .filter(address -> !address.isEmpty() && !address.equals("None"))
                    .map(address -> URI.create("http://" + address + ":" + flink.port()));
        } catch (KubernetesError e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        LOG.info("stopping");
        for (int i = parts.size() - 1; i >= 0; i--) {
            try {
                parts.get(i).close();
            } catch (Exception e) {
                LOG.warn("while stopping: {}", e.getMessage());
            }
        }
    }
}
