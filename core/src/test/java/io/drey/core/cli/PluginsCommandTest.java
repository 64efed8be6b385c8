package io.drey.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.core.health.AdminServer;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginJars;
import io.drey.core.host.PluginProblem;
import io.drey.core.host.PluginsReport;
import io.drey.core.host.RetiredLoaders;
import io.drey.core.metrics.MetricText;
import io.drey.core.port.ResourceCache;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsCommandTest {
    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));
    private static final ResourceRef ORDERS = new ResourceRef("Thing", "shop", "orders");

    @TempDir
    private Path installed;

    @TempDir
    private Path folder;

    private record Result(int code, String out, String err) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    private static Result drey(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Drey.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }

    /** Knows one resource. */
    static final class OneResource implements ResourceCache {
        @Override
        public Optional<CustomResource> resource(ResourceRef ref, ResourceKind<?> kind) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> namespaceLabels(String namespace) {
            return Map.of("team", "blue");
        }

        @Override
        public List<ResourceRef> resources() {
            return List.of(ORDERS);
        }

        @Override
        public List<Unwatched> unwatched() {
            return List.of(
                    new Unwatched("pods of v1 in shop", "shop", "FORBIDDEN", "no permission to list and watch pods"));
        }

        @Override
        public Optional<JsonNode> object(ObjectKey key) {
            return Optional.empty();
        }

        @Override
        public List<JsonNode> objects(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return List.of();
        }
    }

    private interface Asking {
        void with(String url) throws Exception;
    }

    private void operator(List<PluginProblem> refused, Asking asking) throws Exception {
        try (var host = new PluginHost(folder.resolve("store"), "0.1.0", Clock.systemUTC(), WATCH);
                var server = new AdminServer(0)) {
            host.load(new PluginHost.Offer(List.of(installed), Map.of(), Set.of()));
            new Pages(host, new OneResource()).addTo(server, () -> refused);
            server.start();
            asking.with("http://localhost:" + server.port());
        }
    }

    @Test
    void showsWhatIsAtWorkAndWhyTheLastChangeIsNot() throws Exception {
        PluginJars.strategy("alpha", "\"alpha\"").write(installed.resolve("alpha.jar"));
        PluginJars.plugin("beta", "").with("Plugin-Version", "2.1.0").write(installed.resolve("beta.jar"));
        var refused = List.of(new PluginProblem("gamma.jar", "it is no complete jar", "Copy it again"));

        operator(refused, url -> {
            var shown = drey("plugins", "--url", url);

            assertThat(shown.code()).isZero();
            assertThat(shown.out().lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .matches("PLUGIN +VERSION +STATE +FEATURES +CONTRIBUTES +CALLS +FAILED +LATE"),
                            line -> assertThat(line)
                                    .matches("alpha +1\\.0\\.0 +at work +alpha \\(stable\\) +UpgradeStrategy 1 +\\d+ +0"
                                            + " +0"),
                            line -> assertThat(line).matches("beta +2\\.1\\.0 +at work +beta \\(stable\\) +- +0 +0 +0"),
                            line -> assertThat(line).isEmpty(),
                            line -> assertThat(line)
                                    .isEqualTo("The last change is refused, and the plugins above go on:"),
                            line -> assertThat(line).isEqualTo("  - gamma.jar: it is no complete jar. Copy it again"),
                            line -> assertThat(line).isEmpty(),
                            line -> assertThat(line).isEqualTo("Not watched now, and tried again:"),
                            line -> assertThat(line).isEqualTo("  - FORBIDDEN: no permission to list and watch pods"),
                            line -> assertThat(line).isEmpty(),
                            line -> assertThat(line)
                                    .isEqualTo("Class loaders of unloaded plugins: 0 retired, 0 pending, 0 leaked"));

            var json = drey("plugins", "-o", "json", "--url", url + "/").json();
            assertThat(json.at("/plugins/1/id").asText()).isEqualTo("beta");
            assertThat(json.at("/plugins/0/sha256").asText()).hasSize(64);
            assertThat(json.at("/refused/0/mend").asText()).isEqualTo("Copy it again");
            assertThat(json.at("/unwatched/0/namespace").asText()).isEqualTo("shop");
        });
    }

    @Test
    void twoOfOneVersionAreOneInMetricsAndALateOneIsSeen() {
        var calls = new PluginsReport.Calls(10, 1, 2, 3, 4, 6, 1_500_000, 150_000, 500_000);
        var well = new PluginsReport.Plugin(
                "a\"b", "1.0.0", "", "", "at work", true, List.of(), List.of(), Map.of(), calls);
        var open = new PluginsReport.Plugin(
                "a\"b", "1.0.0", "", "", "not called", false, List.of(), List.of(), Map.of(), calls);

        var text = new MetricText();
        PluginMetrics.add(
                text, new PluginsReport(7, List.of(well, open), List.of(), new RetiredLoaders.Counts(3, 2, 1)), 5);

        assertThat(text.toString().lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "drey_plugins_generation 7",
                        "drey_plugins_refused 0",
                        "drey_plugins_refusals_total 5",
                        "drey_plugin_calls_total{plugin=\"a\\\"b\",version=\"1.0.0\"} 20",
                        "drey_plugin_calls_failed_total{plugin=\"a\\\"b\",version=\"1.0.0\"} 2",
                        "drey_plugin_calls_late_total{plugin=\"a\\\"b\",version=\"1.0.0\"} 4",
                        "drey_plugin_calls_refused_total{plugin=\"a\\\"b\",version=\"1.0.0\"} 8",
                        "drey_plugin_call_seconds_total{plugin=\"a\\\"b\",version=\"1.0.0\"} 3",
                        "drey_plugin_calls_stuck{plugin=\"a\\\"b\",version=\"1.0.0\"} 6",
                        "drey_plugin_resources_quarantined{plugin=\"a\\\"b\",version=\"1.0.0\"} 12",
                        "drey_plugin_called{plugin=\"a\\\"b\",version=\"1.0.0\"} 0",
                        "drey_plugin_class_loaders_leaked 1");
    }

    @Test
    void whatIsInForceForAResourceIsShownWithWhoDecided() throws Exception {
        PluginJars.plugin("things", "").write(installed.resolve("things.jar"));

        operator(List.of(), url -> {
            assertThat(drey("features", "thing/orders", "-n", "shop", "--url", url)
                            .out()
                            .lines()
                            .toList())
                    .satisfiesExactly(
                            line -> assertThat(line).matches("FEATURE +STATE +DECIDED BY +PLUGIN +STABILITY"),
                            line -> assertThat(line).matches("things +on +platform +things +stable"));
            assertThat(drey("features", "things/orders", "-n", "shop", "-o", "json", "--url", url)
                            .json()
                            .at("/features/0/decidedBy")
                            .asText())
                    .isEqualTo("platform");
            assertThat(drey("features", "thing/absent", "-n", "shop", "--url", url))
                    .matches(result -> result.code() == 1)
                    .extracting(Result::err)
                    .asString()
                    .contains("answers 404: the operator knows no thing shop/absent");
            assertThat(drey("features", "pod/orders", "-n", "shop", "--url", url)
                            .err())
                    .contains("the operator knows no pod shop/orders");
            assertThat(drey("features", "orders", "--url", url).err()).contains("as flinkdeployment/orders");
        });
    }

    @Test
    void aTenantHasItsOwnVersionsAndDecisions() throws Exception {
        PluginJars.plugin("policy", "contributions.featurePolicy(Blue.class);")
                .source("p.policy.Blue", """
                    import io.drey.spi.config.FlinkConfig;
                    import java.util.*;
                    public final class Blue implements io.drey.spi.FeaturePolicy {
                        public List<PluginSet> sets() {
                            return List.of(new PluginSet("blue", Map.of("things", "1.0.0"), Map.of()));
                        }
                        public boolean readsNamespaceLabels() { return true; }
                        public Policy policy(Subject subject) {
                            var tenant = Optional.of(subject.namespaceLabels().get("team"));
                            return new Policy(tenant, tenant, List.of(
                                    new Decided("things", false, "tenant blue", Optional.of("resource"))),
                                    FlinkConfig.EMPTY, FlinkConfig.EMPTY);
                        }
                    }
                    """)
                .write(installed.resolve("policy.jar"));
        PluginJars.plugin("things", "").write(installed.resolve("things-1.jar"));
        PluginJars.plugin("things", "").with("Plugin-Version", "2.0.0").write(installed.resolve("things-2.jar"));

        operator(List.of(), url -> {
            assertThat(drey("features", "thing/orders", "-n", "shop", "--url", url)
                            .out()
                            .lines()
                            .toList())
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("Tenant blue"),
                            line -> assertThat(line).isEmpty(),
                            line -> assertThat(line).matches("FEATURE +STATE +DECIDED BY +PLUGIN +STABILITY"),
                            line -> assertThat(line).matches("policy +on +platform +policy +stable"),
                            line -> assertThat(line)
                                    .matches("things +off +tenant blue, over resource +things +stable"));
            assertThat(drey("plugins", "--url", url).out().lines().limit(4).toList())
                    .satisfiesExactly(
                            line -> assertThat(line).endsWith("LATE  USED BY"),
                            line -> assertThat(line).startsWith("policy").endsWith("platform, blue"),
                            line -> assertThat(line).matches("things +1\\.0\\.0 .* blue"),
                            line -> assertThat(line).matches("things +2\\.0\\.0 .* platform"));
        });
    }

    @Test
    void whereNoOperatorAnswersIsSaid() {
        assertThat(drey("plugins", "--url", "http://localhost:1"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "drey: no operator answers at http://localhost:1 (ConnectException). Run this in its pod:"
                                + " kubectl exec deploy/NAME -- drey ..., or name it with --url\n"));
    }

    private Result check(String configuration, String... jars) throws IOException {
        var config = Files.writeString(folder.resolve("config.yaml"), configuration);
        var arguments = new java.util.ArrayList<>(List.of(
                "plugins", "check", "--plugins", installed.toString(), "--config", config.toString(), "-o", "json"));
        arguments.addAll(Arrays.asList(jars));
        return drey(arguments.toArray(String[]::new));
    }

    @Test
    void aJarIsCheckedTogetherWithWhatIsInstalled() throws IOException {
        PluginJars.strategy("alpha", "\"alpha\"").write(installed.resolve("alpha.jar"));
        PluginJars.strategy("beta", "\"beta\"").write(installed.resolve("beta.jar"));
        var next = PluginJars.strategy("alpha", "\"newer\"")
                .with("Plugin-Version", "1.1.0")
                .write(folder.resolve("alpha-1.1.jar"));
        var clash = PluginJars.strategy("gamma", "\"beta\"").write(folder.resolve("gamma.jar"));
        var cut = Files.writeString(folder.resolve("cut.jar"), "PK");

        var good = check("", next.toString());
        assertThat(good.code()).as(good.err()).isZero();
        assertThat(good.json().at("/plugins/0/version").asText()).isEqualTo("1.1.0");
        assertThat(good.json().at("/plugins")).hasSize(1);

        var bad = check("", clash.toString(), cut.toString());
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.json().at("/problems"))
                .extracting(problem -> problem.path("what").asText())
                .anySatisfy(what -> assertThat(what).contains("is offered by plugin beta already"))
                .anySatisfy(what -> assertThat(what).contains("no complete jar"));

        var text = drey("plugins", "check", "--plugins", installed.toString(), clash.toString());
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out())
                .contains("An operator would refuse this, for 1 reason(s):", "  - plugin gamma: its strategy");
        assertThat(drey("plugins", "check", "/no/such.jar").err()).contains("there is no file /no/such.jar");
    }

    @Test
    void keysAreMadeAndJarsSignedAndTheCheckCountsThem() throws IOException {
        var name = folder.resolve("ours").toString();
        var made = drey("plugins", "keygen", "--out", name);
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(drey("plugins", "keygen", "--out", name).err()).contains("is there already");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(name + ".key"))))
                .isEqualTo("rw-------");
        var setting = made.out().lines().toList().getLast();
        assertThat(made.out())
                .doesNotContain(Files.readString(Path.of(name + ".key"))
                        .lines()
                        .toList()
                        .get(1));
        var jar = PluginJars.strategy("alpha", "\"alpha\"")
                .write(folder.resolve("alpha.jar"))
                .toString();

        var unsigned = check("drey.plugins.integrity: enforce\n" + setting, jar);
        assertThat(unsigned.out()).contains("nobody vouches for it");
        assertThat(unsigned.code()).isEqualTo(1);

        assertThat(drey("plugins", "sign", jar, "--key", name + ".pub").err())
                .contains("there is no PRIVATE KEY in it");
        assertThat(drey("plugins", "sign", jar, "--key", name + ".key")).isEqualTo(new Result(0, jar + ".sig\n", ""));

        var signed = check("drey.plugins.integrity: enforce\n" + setting, jar);
        assertThat(signed.code()).as(signed.out()).isZero();
        assertThat(signed.json().path("integrity").asText()).isEqualTo("checked: drey.plugins.integrity is enforce");
    }
}
