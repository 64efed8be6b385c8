package io.drey.core.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.util.Modules;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginJars;
import io.drey.core.loop.Loop;
import io.drey.core.loop.Requeue;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.resource.ResourceRef;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wiring of the process, with an API server that is not there, which a plugin without kinds does not ask for. */
class OperatorProcessTest {
    private static final ResourceRef JOB = new ResourceRef("FlinkDeployment", "shop", "job");

    @TempDir
    private Path folder;

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private final Parts parts = new Parts();
    private PluginHost host;
    private CallWatch calls;

    @BeforeEach
    void plugins() throws IOException {
        Files.createDirectories(folder.resolve("plugins"));
        PluginJars.strategy("p", "\"p\"").write(folder.resolve("plugins/p.jar"));
        calls = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));
        host = new PluginHost(folder.resolve("store"), "0.1.0", Clock.systemUTC(), calls);
    }

    @AfterEach
    void close() {
        parts.close();
        host.close();
        calls.close();
    }

    private Injector operator(String settings, AbstractModule instead) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), settings + """

                kubernetes.operator.health.probe.enabled: false
                kubernetes.operator.dynamic.config.enabled: false
                """);
        var sources = new Sources(
                Optional.of(folder.resolve("config.yaml")),
                Optional.of(List.of(folder.resolve("plugins"))),
                Map.of("OPERATOR_NAMESPACE", "ops"));
        var config = sources.read();
        host.load(sources.offer(config));
        var client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:1")
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        parts.add(client);
        return Guice.createInjector(Modules.override(new OperatorModule(config, sources, client, host, calls, parts))
                .with(instead));
    }

    /** Passes that are noted down, and nothing else. */
    private class NotedPasses extends AbstractModule {
        @Provides
        @Singleton
        Loop loop(WorkQueue queue) {
            return new Loop(
                    queue,
                    ref -> {
                        happened.add("pass");
                        return Requeue.none();
                    },
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(1));
        }
    }

    @Test
    void no_pass_runs_before_the_turn_of_this_process() throws IOException {
        var injector = operator("", new NotedPasses() {
            @Override
            protected void configure() {
                bind(Turn.class).toInstance(parts -> happened.add("turn"));
            }
        });
        injector.getInstance(WorkQueue.class).enqueue(JOB, Priority.EDIT);
        injector.getInstance(OperatorProcess.class).run(parts, System.nanoTime());

        await().until(() -> happened.contains("pass"));
        assertThat(happened).containsExactly("turn", "pass");
    }

    @Test
    void a_process_that_cannot_become_the_leader_runs_no_pass() throws IOException {
        var injector = operator("""
                kubernetes.operator.leader-election.enabled: true
                kubernetes.operator.leader-election.lease-name: drey
                """, new NotedPasses());
        injector.getInstance(WorkQueue.class).enqueue(JOB, Priority.EDIT);
        var process = injector.getInstance(OperatorProcess.class);
        var running = Thread.ofVirtual().unstarted(() -> {
            try {
                process.run(parts, System.nanoTime());
                happened.add("leader");
            } catch (IllegalStateException e) {
                happened.add(e.getMessage());
            }
        });
        running.start();
        running.interrupt();

        await().until(() -> !happened.isEmpty());
        assertThat(happened).singleElement().asString().contains("interrupted while waiting for the lease");
    }
}
