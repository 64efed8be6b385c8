package io.drey.core.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.matcher.Matchers;
import io.drey.core.config.FlinkConfigs;
import io.drey.core.config.OperatorConfig;
import io.drey.core.config.ReloadedFlinkConfigs;
import io.drey.core.engine.Engine;
import io.drey.core.engine.ListenerQueue;
import io.drey.core.engine.Reports;
import io.drey.core.engine.SwapCheck;
import io.drey.core.flink.Endpoints;
import io.drey.core.flink.FlinkRest;
import io.drey.core.flink.RestFlinkApi;
import io.drey.core.generation.Generations;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.kubernetes.OperatorEvents;
import io.drey.core.loop.Loop;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.Ids;
import io.drey.core.port.Kinds;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.ResourceCache;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.plan.ObjectKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The parts of a running operator, and what stands behind each port. Making them starts nothing. */
final class OperatorModule extends AbstractModule {
    private static final Duration PASS_DEADLINE = Duration.ofSeconds(60);

    private final OperatorConfig config;
    private final Sources sources;
    private final KubernetesClient client;
    private final PluginHost host;
    private final CallWatch watch;
    private final Parts parts;

    /** @param parts is told of each part that is made */
    OperatorModule(
            OperatorConfig config,
            Sources sources,
            KubernetesClient client,
            PluginHost host,
            CallWatch watch,
            Parts parts) {
        this.config = config;
        this.sources = sources;
        this.client = client;
        this.host = host;
        this.watch = watch;
        this.parts = parts;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        bindListener(Matchers.any(), parts);
        bind(OperatorConfig.class).toInstance(config);
        bind(Sources.class).toInstance(sources);
        bind(KubernetesClient.class).toInstance(client);
        bind(PluginHost.class).toInstance(host);
        bind(CallWatch.class).toInstance(watch);
        bind(Generations.class).toInstance(host);
        bind(Kinds.class).toInstance(host);
        bind(Pages.class).in(Scopes.SINGLETON);
        bind(Clock.class).toInstance(Clock.systemUTC());
        bind(Ids.class).toInstance(() -> UUID.randomUUID().toString().replace("-", ""));
        bind(Schedule.class).to(WorkQueue.class);
        bind(ResourceCache.class).to(InformerCache.class);
        bind(KubernetesApi.class).to(Fabric8Api.class);
        bind(FlinkApi.class).to(RestFlinkApi.class);
        bind(Reports.class).to(ListenerQueue.class);
        bind(ListenerQueue.class).in(Scopes.SINGLETON);
        bind(Engine.class).in(Scopes.SINGLETON);
        bind(FlinkConfigs.class).to(ReloadedFlinkConfigs.class);
        bind(SwapCheck.Trials.class).to(Engine.class);
        bind(SwapCheck.class).in(Scopes.SINGLETON);
        bind(Turn.class).to(LeaderTurn.class);
        bind(LeaderTurn.class).in(Scopes.SINGLETON);
        bind(OperatorMetrics.class).in(Scopes.SINGLETON);
        bind(Exchange.class).in(Scopes.SINGLETON);
        bind(OperatorProcess.class).in(Scopes.SINGLETON);
    }

    @Provides
    @Singleton
    WorkQueue queue() {
        return new WorkQueue(System::nanoTime, config.retryTimes());
    }

    @Provides
    @Singleton
    Fabric8Api api(Kinds kinds, Clock clock) {
        return new Fabric8Api(client, kinds, clock);
    }

    @Provides
    @Singleton
    InformerCache informers(Schedule schedule, RestFlinkApi flink) {
        return new InformerCache(client, config.namespaces(), config.labelSelector(), (resource, priority) -> {
            if (priority == Priority.EVENT) {
                flink.changed(resource);
            }
            schedule.enqueue(resource, priority);
        });
    }

    @Provides
    @Singleton
    OperatorEvents events(KubernetesApi api, Clock clock) {
        var name = System.getenv("OPERATOR_NAME");
        var namespace = System.getenv("OPERATOR_NAMESPACE");
        return new OperatorEvents(
                api,
                name == null || namespace == null
                        ? Optional.empty()
                        : Optional.of(new ObjectKey("apps/v1", "Deployment", namespace, name)),
                clock);
    }

    @Provides
    Endpoints endpoints(KubernetesApi api) {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null
                ? Endpoints.inCluster()
                : Endpoints.byServiceAddress(api);
    }

    @Provides
    @Singleton
    RestFlinkApi flink(Endpoints endpoints, Schedule schedule, Clock clock) {
        return new RestFlinkApi(
                new FlinkRest(config.flinkTimeout()), endpoints, schedule, clock, config.flinkTimeout());
    }

    @Provides
    @Singleton
    ReloadedFlinkConfigs configs() {
        return new ReloadedFlinkConfigs(config.defaults());
    }

    @Provides
    Engine.RetryTimes retryLimit() {
        return new Engine.RetryTimes(config.retryLimit());
    }

    @Provides
    @Singleton
    Loop loop(WorkQueue queue, Engine engine) {
        return new Loop(queue, engine::pass, PASS_DEADLINE, config.terminationTimeout());
    }
}
