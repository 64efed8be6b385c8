package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.host.PluginHost.Installed;
import io.drey.core.host.PluginHost.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginHostTest {
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));

    @TempDir
    private Path plugins;

    @TempDir
    private Path store;

    private PluginHost host() {
        return new PluginHost(store, VERSION, Clock.systemUTC(), WATCH);
    }

    private Offer offer(Map<String, JsonNode> configuration) {
        return new Offer(List.of(plugins), configuration, Set.of());
    }

    private PluginHost loaded(Map<String, JsonNode> configuration) {
        var host = host();
        host.load(offer(configuration));
        return host;
    }

    private List<String> problems(Map<String, JsonNode> configuration) {
        return catchThrowableOfType(PluginProblems.class, () -> host().load(offer(configuration))).problems().stream()
                .map(PluginProblem::toString)
                .toList();
    }

    private List<String> strategies() {
        var host = loaded(Map.of());
        return host.features().strategies().keySet().stream().sorted().toList();
    }

    private Path in(String name) {
        return plugins.resolve(name);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceWithTheMend() throws IOException {
        PluginJars.empty().file("some.txt", new byte[] {1}).write(in("plain.jar"));
        var whole = Files.readAllBytes(PluginJars.plugin("cut", "").write(in("cut.jar")));
        Files.write(in("cut.jar"), java.util.Arrays.copyOf(whole, whole.length / 2));
        PluginJars.plugin("shapeless", "")
                .with("Plugin-Version", "latest")
                .with("Plugin-Requires", "[1.0,2.0)")
                .entries()
                .write(in("shapeless.jar"));
        PluginJars.plugin("two", "").entries("p.two.Entry", "p.two.Other").write(in("two.jar"));
        PluginJars.plugin("future", "").with("Plugin-Requires", ">=9.0.0").write(in("future.jar"));
        PluginJars.plugin("lonely", "").with("Plugin-Dependencies", "nobody").write(in("lonely.jar"));
        PluginJars.plugin("old", "").write(in("old.jar"));
        PluginJars.plugin("picky", "")
                .with("Plugin-Dependencies", "old@>=2.0.0")
                .write(in("picky.jar"));
        PluginJars.plugin("round", "").with("Plugin-Dependencies", "about").write(in("round.jar"));
        PluginJars.plugin("about", "").with("Plugin-Dependencies", "round").write(in("about.jar"));
        PluginJars.plugin("twin", "").write(in("twin-1.jar"));
        PluginJars.plugin("twin", "").with("Plugin-Version", "2.0.0").write(in("twin-2.jar"));
        PluginJars.plugin("ghost", "").entries("p.ghost.Gone").write(in("ghost.jar"));
        PluginJars.plugin("unbound", "binder.bind(Needs.class);")
                .source("p.unbound.Needs", "class Needs { @jakarta.inject.Inject Needs(java.util.Random random) {} }")
                .write(in("unbound.jar"));
        PluginJars.plugin("library", "com.google.common.collect.ImmutableList.of();")
                .write(in("library.jar"));
        PluginJars.plugin("asserting", "if (true) throw new AssertionError(\"no\");")
                .write(in("asserting.jar"));
        PluginJars.strategy("a", "\"same\"").write(in("a.jar"));
        PluginJars.strategy("b", "\"same\"").write(in("b.jar"));
        PluginJars.strategy("anonymous", "null").write(in("anonymous.jar"));
        PluginJars.strategy("nameless", "java.util.List.of().get(0).toString()").write(in("nameless.jar"));

        var problems = problems(Map.of("absent", JsonNodeFactory.instance.objectNode()));

        assertThat(problems).allSatisfy(problem -> assertThat(problem).matches("(?s).+: .+\\. .+"));
        for (var expected : List.of(
                "plain.jar: its manifest has no Plugin-Id",
                "cut.jar: it is no complete jar",
                "shapeless.jar: Plugin-Version is 'latest'",
                "shapeless.jar: Plugin-Requires is '[1.0,2.0)'",
                "shapeless.jar: META-INF/services/io.drey.spi.FeaturePlugin names no class",
                "two.jar: META-INF/services/io.drey.spi.FeaturePlugin names [p.two.Entry, p.two.Other]",
                "future.jar: it requires Drey >=9.0.0, this is 0.1.0",
                "plugin lonely: it needs plugin nobody, which is not there",
                "plugin picky: it needs plugin old >=2.0.0, here is 1.0.0",
                "it needs itself: about -> round -> about",
                "twin-1.jar: plugin twin is there as 2.0.0 too, in twin-2.jar, and nobody asks for 1.0.0",
                "plugin ghost: its entry p.ghost.Gone is not in the jar",
                "plugin unbound: Explicit bindings are required and java.util.Random is not explicitly bound. Mend",
                "plugin library: class com.google.common.collect.ImmutableList is missing",
                "plugin asserting: it failed while it was loaded: AssertionError: no",
                "plugin b: its strategy 'same' is offered by plugin a already",
                "plugin anonymous: its strategy has no name",
                "plugin nameless: plugin nameless failed in UpgradeStrategy.name: ArrayIndexOutOfBoundsException",
                "configuration: plugins.absent configures a plugin that is not there")) {
            assertThat(problems)
                    .as(expected)
                    .anySatisfy(problem -> assertThat(problem).contains(expected));
        }
        assertThat(problems).hasSize(19);
    }

    @Test
    void whatNeedsARefusedPluginIsNotToldToo() throws IOException {
        PluginJars.plugin("bad", "").with("Plugin-Version", "latest").write(in("bad.jar"));
        PluginJars.plugin("needs", "")
                .with("Plugin-Dependencies", "bad@>=1.0.0")
                .write(in("needs.jar"));

        assertThat(problems(Map.of()))
                .containsExactly("bad.jar: Plugin-Version is 'latest'. Write three numbers, as in 1.2.3");
    }

    @Test
    void aPluginSeesTheSpiAndWhatIsSharedAndNothingElseOfTheHost() throws IOException {
        PluginJars.strategy("curious", """
                        java.util.stream.Stream.of(
                                        "io.drey.core.host.PluginHost", "com.google.common.collect.ImmutableList",
                                        "org.pf4j.PluginManager", "io.fabric8.kubernetes.client.KubernetesClient",
                                        "org.apache.logging.log4j.core.Logger", "picocli.CommandLine",
                                        "io.drey.spi.FeaturePlugin", "io.fabric8.kubernetes.api.model.Pod",
                                        "com.fasterxml.jackson.databind.ObjectMapper", "org.slf4j.Logger",
                                        "org.apache.flink.metrics.Metric", "java.sql.Driver")
                                .filter(name -> {
                                    try {
                                        return Class.forName(name) == null;
                                    } catch (ClassNotFoundException e) {
                                        return true;
                                    }
                                })
                                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                                .collect(java.util.stream.Collectors.joining(" "))
                        + (getClass().getClassLoader().getResource("log4j2.properties") == null ? "" : " resources")\
                        """).write(in("curious.jar"));

        assertThat(strategies())
                .containsExactly("PluginHost ImmutableList PluginManager KubernetesClient Logger CommandLine");
    }

    @Test
    void librariesLieInTheJar() throws IOException {
        var library = PluginJars.empty()
                .source("com.google.common.Own", "public class Own { public static String text() { return \"own\"; } }")
                .write(store.resolve("library.jar"));
        PluginJars.strategy("nested", "com.google.common.Own.text()")
                .sees(library)
                .file("lib/own-1.0.jar", Files.readAllBytes(library))
                .write(in("nested.jar"));

        assertThat(strategies()).containsExactly("own");
    }

    @Test
    void anExportedServiceIsBoundInThoseThatDeclareTheDependency() throws IOException {
        var api = PluginJars.plugin(
                        "greeting", "binder.bind(p.greeting.api.Greeter.class).toInstance(() -> \"hello\");")
                .with("Plugin-Version", VERSION)
                .with("Plugin-Exports", "p.greeting.api")
                .source("p.greeting.api.Greeter", "public interface Greeter { String greet(); }")
                .source("p.greeting.Hidden", "public class Hidden {}")
                .write(in("greeting.jar"));
        String injected = """
                public final class Named implements io.drey.spi.UpgradeStrategy {
                    private final p.greeting.api.Greeter greeter;
                    @jakarta.inject.Inject Named(p.greeting.api.Greeter greeter) { this.greeter = greeter; }
                    public String name() { return greeter.greet(); }
                    public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { throw new AssertionError(); }
                }
                """;
        PluginJars.plugin("friend", "contributions.strategy(Named.class);")
                .with("Plugin-Dependencies", "greeting@>=0.1.0 & <0.2.0")
                .source("p.friend.Named", injected)
                .sees(api)
                .write(in("friend.jar"));

        assertThat(strategies()).containsExactly("hello");

        PluginJars.plugin("stranger", "contributions.strategy(Named.class);")
                .source("p.stranger.Named", injected)
                .sees(api)
                .write(in("stranger.jar"));
        PluginJars.plugin("nosy", "new p.greeting.Hidden();")
                .with("Plugin-Dependencies", "greeting")
                .sees(api)
                .write(in("nosy.jar"));

        assertThat(problems(Map.of()))
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem)
                                .startsWith("plugin stranger: class p.greeting.api.Greeter is missing"),
                        problem -> assertThat(problem).startsWith("plugin nosy: class p.greeting.Hidden is missing"));
    }

    @Test
    void anOptionalDependencyMayBeAbsentAndIsLoadedFirstWhenPresent() throws IOException {
        PluginJars.strategy("a", "\"a\"")
                .with("Plugin-Dependencies", "z?@>=1.0.0")
                .write(in("a.jar"));

        assertThat(strategies()).containsExactly("a");

        PluginJars.plugin("z", "").write(in("z.jar"));

        assertThat(host().load(offer(Map.of()))).extracting(Installed::id).containsExactly("z", "a");
    }

    @Test
    void aJarThatIsOverwrittenAfterwardsDoesNoHarm() throws IOException {
        var jar = PluginJars.strategy("steady", "new Later().text()")
                .source("p.steady.Later", "class Later { String text() { return \"later\"; } }")
                .write(in("steady.jar"));
        var host = loaded(Map.of());

        Files.write(jar, new byte[] {1, 2, 3});

        assertThat(host.features().strategies().get("later").name()).isEqualTo("later");
    }

    @Test
    void copiesOfProcessesThatAreGoneAreRemoved() throws Exception {
        var gone = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--version").start();
        gone.getInputStream().readAllBytes();
        gone.waitFor();
        var left = Files.createDirectories(store.resolve(gone.pid() + "/x.lib"));
        var alive = Files.createDirectories(store.resolve(
                Long.toString(ProcessHandle.current().parent().orElseThrow().pid())));
        var foreign = Files.createDirectories(store.resolve("foreign"));

        loaded(Map.of());

        assertThat(left.getParent()).doesNotExist();
        assertThat(alive).exists();
        assertThat(foreign).exists();
    }

    @Test
    void contributionsComeByPluginIdThenInTheOrderOfTheList() throws IOException {
        for (var id : List.of("b", "a")) {
            var jar = PluginJars.plugin(id, "contributions.gate(Second.class).gate(First.class);");
            for (var name : List.of("First", "Second")) {
                jar.source("p." + id + "." + name, """
                        public final class %s implements io.drey.spi.Gate {
                            public java.util.Optional<Hold> check(io.drey.spi.plan.Proposal.Start start, io.drey.spi.Situation situation) {
                                return java.util.Optional.empty();
                            }
                        }
                        """.formatted(name));
            }
            jar.write(in("0" + (id.equals("b") ? 1 : 2) + ".jar"));
        }
        var host = loaded(Map.of());

        assertThat(host.features().gates())
                .extracting(Object::toString)
                .containsExactly("p.a.Second", "p.a.First", "p.b.Second", "p.b.First");
    }

    @Test
    void aPluginGetsItsSectionOfTheConfiguration() throws IOException {
        PluginJars.plugin("set", "contributions.strategy(Named.class);")
                .source("p.set.Named", """
                        public final class Named implements io.drey.spi.UpgradeStrategy {
                            private final io.drey.spi.plugin.PluginContext context;
                            @jakarta.inject.Inject Named(io.drey.spi.plugin.PluginContext context) { this.context = context; }
                            public String name() { return context.pluginId() + context.configuration().get("x").asText(); }
                            public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { throw new AssertionError(); }
                        }
                        """)
                .write(in("set.jar"));
        var host = loaded(Map.of("set", JsonNodeFactory.instance.objectNode().put("x", 1)));

        assertThat(host.features().strategies()).containsOnlyKeys("set1");
    }
}
