package io.drey.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.core.loop.WorkQueue;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorConfigTest {
    @TempDir
    private Path folder;

    private ConfigFile file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return ConfigFile.read(folder);
    }

    private OperatorConfig config(String yaml) throws IOException {
        return OperatorConfig.of(file("config.yaml", yaml), Map.of());
    }

    @Test
    void keysAreNestedOrFlat() throws IOException {
        var config = config("""
                kubernetes.operator.health.probe.port: 9090
                kubernetes:
                  operator:
                    reconcile.interval: 15 s
                    reconcile:
                      parallelism: 7
                taskmanager.memory: {process.size: 2g}
                pipeline.jars: [a.jar, b.jar]
                empty:
                """);

        assertThat(config.healthPort()).contains(9090);
        assertThat(config.retryLimit()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.workers()).isEqualTo(7);
        assertThat(config.defaults().get("taskmanager.memory.process.size")).contains("2g");
        assertThat(config.defaults().get("pipeline.jars")).contains("a.jar;b.jar");
        assertThat(config.defaults().get("empty")).isEmpty();
    }

    @Test
    void theOlderFileIsReadAsFlinkDoes() throws IOException {
        var config = OperatorConfig.of(file("flink-conf.yaml", """
                # a comment
                kubernetes.operator.reconcile.interval: 20 s # another
                web.url: http://x:8081/a
                no-value:
                quoted: "a b"
                """), Map.of());

        assertThat(config.retryLimit()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.defaults().get("web.url")).contains("http://x:8081/a");
        assertThat(config.defaults().get("quoted")).contains("a b");
        assertThat(config.defaults().get("no-value")).isEmpty();
    }

    @Test
    void theNewerFileWins() throws IOException {
        file("flink-conf.yaml", "a: old");

        assertThat(file("config.yaml", "a: new").flat().get("a")).contains("new");
    }

    @Test
    void oneFileLiesOverAnother() throws IOException {
        var below = file("config.yaml", "{a: below, b: below, plugins: {x: {k: below}, y: {k: below}}}");
        var over = file("config.yaml", "{b: over, plugins: {y: {k: over}}}");

        var both = below.with(over);

        assertThat(both.flat().values()).containsExactly(Map.entry("a", "below"), Map.entry("b", "over"));
        assertThat(both.plugins().get("x").get("k").asText()).isEqualTo("below");
        assertThat(both.plugins().get("y").get("k").asText()).isEqualTo("over");
    }

    @Test
    void aFolderWithoutConfigurationIsNoError() {
        assertThat(ConfigFile.read(folder)).isEqualTo(ConfigFile.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a\n- b\n", "a: b: c\n", "text"})
    void whatIsNoMapIsSaid(String text) {
        assertThatThrownBy(() -> config(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.yaml: ");
    }

    @Test
    void olderNamesAreRead() throws IOException {
        var config = config("""
                kubernetes.operator.reconciler.reschedule.interval: 1 min
                kubernetes.operator.reconciler.max.parallelism: 3
                kubernetes.operator.observer.flink.client.timeout: 5 s
                """);

        assertThat(config.retryLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.workers()).isEqualTo(3);
        assertThat(config.flinkTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.unsupported()).isEmpty();
    }

    @Test
    @Tag("S040")
    void namespacesComeFromTheEnvironmentUnlessItIsEmpty() throws IOException {
        var file = file("config.yaml", "kubernetes.operator.watched.namespaces: a, b");

        assertThat(OperatorConfig.of(file, Map.of("WATCH_NAMESPACES", "c,d")).namespaces())
                .containsExactly("c", "d");
        assertThat(OperatorConfig.of(file, Map.of("WATCH_NAMESPACES", "")).namespaces())
                .containsExactly("a", "b");
        assertThat(OperatorConfig.of(file, Map.of()).namespaces()).containsExactly("a", "b");
        assertThat(config("kubernetes.operator.watched.namespaces: JOSDK_ALL_NAMESPACES")
                        .namespaces())
                .isEmpty();
    }

    @Test
    @Tag("S043")
    void settingsOfTheProcess() throws IOException {
        var config = config("""
                kubernetes.operator.reconcile.parallelism: -1
                kubernetes.operator.label.selector: team=a
                kubernetes.operator.termination.timeout: 30 s
                kubernetes.operator.health.probe.enabled: false
                """);

        assertThat(config.workers()).isEqualTo(50);
        assertThat(config.labelSelector()).isEqualTo("team=a");
        assertThat(config.terminationTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.healthPort()).isEmpty();
    }

    @Test
    @Tag("S042")
    void leaderElectionNeedsALease() throws IOException {
        assertThat(config("").election()).isEmpty();
        assertThat(config("""
                        kubernetes.operator.leader-election.enabled: true
                        kubernetes.operator.leader-election.lease-name: drey
                        """).election())
                .contains(new OperatorConfig.Election(
                        "drey", Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2)));
        assertThatThrownBy(() -> config("""
                        kubernetes.operator.leader-election.enabled: true
                        kubernetes.operator.leader-election.lease-duration: 10 s
                        kubernetes.operator.leader-election.retry-period: 6 s
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leader-election.lease-name: it is missing")
                .hasMessageContaining("renew-deadline: must be less than")
                .hasMessageContaining("retry-period: must be at most half of");
    }

    @Test
    @Tag("S043")
    void retries() throws IOException {
        assertThat(config("").retryTimes()).isEqualTo(WorkQueue.RetryTimes.DEFAULT);
        assertThat(config("").workers()).isEqualTo(50);
        var config = config("""
                kubernetes.operator.reconcile.interval: 15 s
                kubernetes.operator.retry.initial.interval: 5 s
                kubernetes.operator.retry.interval.multiplier: 1.5
                kubernetes.operator.retry.max.interval: 10 min
                kubernetes.operator.retry.max.attempts: 15
                """);

        assertThat(config.retryTimes()).isEqualTo(new WorkQueue.RetryTimes(Duration.ofSeconds(5), 1.5));
        assertThat(config.retryLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.unsupported()).isEmpty();
        assertThat(config.needless()).singleElement().asString().contains("retry.max.attempts (what fails is tried");
    }

    @Test
    @Tag("S044")
    void whatIsNotSupportedYetIsNamed() throws IOException {
        assertThat(config("""
                        kubernetes.operator.rate-limiter.limit: 5
                        kubernetes.operator.health.canary.resource.timeout: 1 min
                        kubernetes.operator.default-configuration.namespace.a.b: c
                        any.flink.key: x
                        """).unsupported())
                .containsExactly(
                        "kubernetes.operator.health.canary.resource.timeout", "kubernetes.operator.rate-limiter.limit");
    }

    @Test
    void keysThatWorkAreNotNamed() throws IOException {
        var works = OperatorKeys.table().stream()
                .filter(entry -> entry.effect() == OperatorKeys.Effect.WORKS)
                .map(entry -> entry.key().name())
                .toList();
        assertThat(works)
                .contains("kubernetes.operator.deployment.rollback.enabled")
                .hasSizeGreaterThan(50);
        var all = new HashMap<String, String>();
        for (var key : works) {
            all.put(key, "x");
        }

        var config = new OperatorConfig(
                new FlinkConfig(all),
                config("").plugins(),
                1,
                Duration.ofSeconds(1),
                config("").retryTimes(),
                Duration.ofSeconds(1),
                List.of(),
                "",
                Optional.empty(),
                0,
                Duration.ofSeconds(1),
                List.of(),
                Path.of("x"),
                Set.of(),
                config("").integrity(),
                Duration.ofSeconds(1),
                Optional.empty(),
                true,
                false,
                true);
        assertThat(config.unsupported()).isEmpty();
        assertThat(config.needless()).isEmpty();
        assertThat(config.unknown()).isEmpty();
    }

    @Test
    void keysThatDoNotExistAreNamedWithTheNearestOne() throws IOException {
        assertThat(config("""
                        kubernetes.operator.reconcile.intervall: 5 s
                        kubernetes.operator.default-configuration.namespace.a.job.autoscaler.enable: 'true'
                        kubernetes.operator.nothing.like.it: x
                        kubernetes.operator.metrics.reporter.prom.port: 9999
                        kubernetes.operator.plugins.listeners.mine.class: x.Y
                        """).unknown())
                .containsExactly(
                        "kubernetes.operator.default-configuration.namespace.a.job.autoscaler.enable:"
                                + " job.autoscaler.enable: there is no such key. Did you mean job.autoscaler.enabled?",
                        "kubernetes.operator.nothing.like.it: there is no such key. Remove it",
                        "kubernetes.operator.reconcile.intervall: there is no such key."
                                + " Did you mean kubernetes.operator.reconcile.interval?");
    }

    @Test
    void aValueThatIsMalformedForResourcesIsRefusedToo() {
        assertThatThrownBy(() -> config("""
                        kubernetes.operator.job.restart.failed: perhaps
                        kubernetes.operator.default-configuration.namespace.a.kubernetes.operator.deployment.readiness.timeout: x
                        """))
                .hasMessageContaining("kubernetes.operator.job.restart.failed: found 'perhaps', must be true or false")
                .hasMessageContaining("namespace.a.kubernetes.operator.deployment.readiness.timeout: found 'x', must be"
                        + " a duration such as 30 s or 5 min");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> config("""
                        kubernetes.operator.reconcile.interval: soon
                        kubernetes.operator.reconcile.parallelism: 0
                        kubernetes.operator.health.probe.enabled: perhaps
                        kubernetes.operator.health.probe.port: 123456
                        kubernetes.operator.retry.interval.multiplier: 0.5
                        kubernetes.operator.retry.max.interval: never
                        drey.plugins.sotre: /tmp/x
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kubernetes.operator.reconcile.interval: found 'soon', must be a duration")
                .hasMessageContaining("kubernetes.operator.reconcile.parallelism: found '0'")
                .hasMessageContaining(
                        "kubernetes.operator.health.probe.enabled: found 'perhaps', must be true or false")
                .hasMessageContaining("kubernetes.operator.health.probe.port: found '123456'")
                .hasMessageContaining("retry.interval.multiplier: found '0.5', must be from 1 to 100")
                .hasMessageContaining("retry.max.interval: found 'never', must be a duration")
                .hasMessageContaining("drey.plugins.sotre")
                .hasMessageContaining("drey.plugins.store");
    }

    @Test
    void pluginsHaveSectionsAndNoneOfTheirKeysIsFlinks() throws IOException {
        var config = config("""
                plugins:
                  ingress:
                    domain: example.org
                drey.plugins.directories: /a, /b
                drey.plugins.store: /c
                """);

        assertThat(config.plugins().get("ingress").get("domain").asText()).isEqualTo("example.org");
        assertThat(config.pluginDirectories()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(config.privateDirectory()).isEqualTo(Path.of("/c"));
        assertThat(config.defaults().values()).isEmpty();
    }

    @Test
    void whatIsReadAtTheStartOnlyIsToldFromTheRest() throws IOException {
        var running = config("""
                kubernetes.operator.reconcile.parallelism: 4
                kubernetes.operator.retry.max.interval: 1 min
                drey.plugins.call-deadline: 5 s
                drey.plugins.required: native
                parallelism.default: 1
                """);
        var changed = config("""
                kubernetes.operator.reconcile.parallelism: 8
                kubernetes.operator.leader-election.lease-name: drey
                drey.plugins.call-deadline: 5 s
                drey.plugins.required: native, upgrades
                parallelism.default: 2
                plugins: {listeners: {endpoints: []}}
                """);

        assertThat(changed.waitForStart(running))
                .containsExactly(
                        "kubernetes.operator.leader-election.lease-name",
                        "kubernetes.operator.reconcile.parallelism",
                        "kubernetes.operator.retry.max.interval");
        assertThat(running.waitForStart(running)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "warn", "ENFORCE", "\"off\""})
    void integrityIsOneOfThreeWords(String mode) throws IOException {
        var config = config("""
                drey.plugins:
                  integrity: %s
                  allowed-sha256: ["%s", "%s"]
                """.formatted(mode, "a".repeat(64), "B".repeat(64)));

        assertThat(config.integrity().mode().name()).isEqualToIgnoringCase(mode.replace("\"", ""));
    }

    @Test
    void integrityThatIsWrongIsToldWithTheRest() {
        assertThatThrownBy(() -> config("""
                drey.plugins.integrity: sometimes
                drey.plugins.public-keys: [/no/such/key]
                drey.plugins.call-deadline: 1 ms
                """))
                .hasMessageContaining("drey.plugins.integrity: found 'sometimes', must be off, warn or enforce")
                .hasMessageContaining("drey.plugins.public-keys, entry 1: /no/such/key cannot be read")
                .hasMessageContaining("drey.plugins.call-deadline");
    }
}
