package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.core.config.ConfigurationFolder;
import io.drey.core.host.PluginHost.Installed;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.integrity.Integrity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFilesTest {
    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));

    @TempDir
    private Path plugins;

    @TempDir
    private Path below;

    @TempDir
    private Path over;

    @TempDir
    private Path store;

    @BeforeEach
    void plugins() throws IOException {
        asking("asks", "log4j-console.properties");
        PluginJars.strategy("steady", "\"steady\"").write(plugins.resolve("steady.jar"));
    }

    private void asking(String id, String file) throws IOException {
        PluginJars.plugin(id, """
                        var text = context.configurationFile("%s").orElse("none");
                        binder.bind(String.class).toInstance(text);
                        contributions.strategy(Named.class);
                        """.formatted(file))
                .source("p." + id + ".Named", """
                        public final class Named implements io.drey.spi.UpgradeStrategy {
                            private final String text;
                            private final io.drey.spi.plugin.PluginContext context;
                            @jakarta.inject.Inject Named(String text, io.drey.spi.plugin.PluginContext context) {
                                this.text = text;
                                this.context = context;
                            }
                            public String name() { return text; }
                            public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) {
                                context.configurationFile("other.properties");
                                return null;
                            }
                        }
                        """)
                .write(plugins.resolve(id + ".jar"));
    }

    private Offer offer() {
        return new Offer(
                List.of(plugins),
                Map.of(),
                Set.of(),
                Integrity.OFF,
                new ConfigurationFolder(List.of(below, over, Path.of("/no/such/folder"))));
    }

    private PluginHost host() {
        var host = new PluginHost(store, "0.1.0", Clock.systemUTC(), WATCH);
        host.load(offer());
        return host;
    }

    private static Set<String> strategies(PluginHost host) {
        return host.features().strategies().keySet();
    }

    @Test
    void aFileThatChangesLoadsThoseAnewThatAskedForIt() throws IOException {
        try (var host = host()) {
            assertThat(strategies(host)).containsExactlyInAnyOrder("none", "steady");
            var steady = host.features().strategies().get("steady");

            Files.writeString(below.resolve("log4j-console.properties"), "below");
            Files.writeString(below.resolve("logback-console.xml"), "nobody asks");
            assertThat(host.change(offer())).isTrue();
            assertThat(strategies(host)).containsExactlyInAnyOrder("below", "steady");

            Files.writeString(over.resolve("log4j-console.properties"), "over");
            assertThat(host.change(offer())).isTrue();
            assertThat(strategies(host)).containsExactlyInAnyOrder("over", "steady");
            assertThat(host.features().strategies().get("steady")).isSameAs(steady);

            assertThat(host.change(offer())).isFalse();
            Files.writeString(below.resolve("log4j-console.properties"), "does not count");
            assertThat(host.change(offer())).isFalse();
        }
    }

    @Test
    void whatDependsOnItIsLoadedAnewToo() throws IOException {
        PluginJars.strategy("dependent", "\"dependent\"")
                .with("Plugin-Dependencies", "asks")
                .write(plugins.resolve("dependent.jar"));
        try (var host = host()) {
            var dependent = host.features().strategies().get("dependent");
            Files.writeString(below.resolve("log4j-console.properties"), "below");

            assertThat(host.change(offer())).isTrue();
            assertThat(host.features().strategies().get("dependent")).isNotSameAs(dependent);
        }
    }

    @Test
    void theWatchLooksAtTheFilesThatWereAskedFor() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        var listener = new PluginWatch.Listener() {
            @Override
            public void changed(List<Installed> now) {
                told.add("changed");
            }

            @Override
            public void refused(List<PluginProblem> problems) {
                told.add(problems.toString());
            }
        };
        try (var host = host();
                var watch = new PluginWatch(
                        host,
                        this::offer,
                        host::files,
                        listener,
                        Duration.ofMillis(20),
                        new PluginWatch.Retry(Duration.ofMinutes(10), Duration.ofMinutes(10)))) {
            watch.start();
            await().until(() -> {
                Files.writeString(below.resolve("log4j-console.properties"), "below");
                return told.contains("changed");
            });
            assertThat(strategies(host)).contains("below");

            Files.write(below.resolve("log4j-console.properties"), new byte[(1 << 20) + 1]);
            await().until(() -> told.toString().contains("log4j-console.properties: it is larger than 1 MiB"));
            assertThat(strategies(host)).contains("below");
        }
    }

    @Test
    void thereAreFilesThatNoPluginSees() throws IOException {
        for (var name : List.of("config.yaml", "flink-conf.yaml", "../secret", ".hidden", "/etc/passwd")) {
            asking("asks", name);
            assertThatThrownBy(this::host).hasMessageContaining("configuration file '" + name + "': must be the name");
        }
    }

    @Test
    void aFileIsAskedForWhileThePluginIsLoaded() {
        try (var host = host()) {
            assertThatThrownBy(() -> host.features().strategies().get("none").choose(null))
                    .hasMessageContaining(
                            "configuration file 'other.properties': ask for it while the plugin is loaded");
        }
    }
}
