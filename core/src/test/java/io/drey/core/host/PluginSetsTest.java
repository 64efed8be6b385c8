package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.generation.InForce;
import io.drey.core.host.PluginHost.Offer;
import io.drey.spi.FeaturePolicy.Subject;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of one plugin side by side, features that are off for some, and what is refused. */
class PluginSetsTest {
    @TempDir
    private Path plugins;

    @TempDir
    private Path store;

    private final CallWatch watch = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));

    @AfterEach
    void stop() {
        watch.close();
    }

    private PluginHost host() {
        var host = new PluginHost(store, "0.1.0", Clock.systemUTC(), watch);
        host.load(offer(Map.of()));
        return host;
    }

    private Offer offer(Map<String, JsonNode> configuration) {
        return new Offer(List.of(plugins), configuration, Set.of());
    }

    private Path in(String name) {
        return plugins.resolve(name);
    }

    /** Namespace {@code blue} gets set {@code blue}, and {@code quiet} the platform's without feature {@code loud}. */
    private void policy(String versions, String sections) throws IOException {
        PluginJars.plugin("policy", "contributions.featurePolicy(Policy.class);")
                .source("p.policy.Policy", """
                        import java.util.*;
                        import com.fasterxml.jackson.databind.JsonNode;
                        import com.fasterxml.jackson.databind.node.JsonNodeFactory;
                        import io.drey.spi.config.FlinkConfig;
                        public final class Policy implements io.drey.spi.FeaturePolicy {
                            public List<PluginSet> sets() {
                                return List.of(new PluginSet("blue", %s, %s));
                            }
                            public boolean readsNamespaceLabels() { return false; }
                            public Policy policy(Subject subject) {
                                var namespace = subject.resource().namespace();
                                return new io.drey.spi.FeaturePolicy.Policy(
                                        Optional.of(namespace),
                                        namespace.equals("blue") ? Optional.of("blue") : Optional.empty(),
                                        namespace.equals("quiet")
                                                ? List.of(new Decided("loud", false, "tenant quiet", Optional.empty()))
                                                : List.of(),
                                        new FlinkConfig(Map.of("k", namespace)), FlinkConfig.EMPTY);
                            }
                        }
                        """.formatted(versions, sections))
                .write(in("policy.jar"));
    }

    private static InForce inForce(PluginHost host, String namespace) {
        var resource = new ResourceRef("FlinkDeployment", namespace, "job");
        return host.inForce(new Subject(resource, Map.of(), Map.of()));
    }

    private static Set<String> strategies(PluginHost host, String namespace) {
        return inForce(host, namespace).features().strategies().keySet();
    }

    @Test
    void aTenantHasAnotherVersionAndAnotherSection() throws IOException {
        policy("Map.of(\"v\", \"1.0.0\")", "Map.of(\"c\", JsonNodeFactory.instance.objectNode().put(\"x\", \"blue\"))");
        PluginJars.strategy("v", "\"one\"").write(in("v-1.jar"));
        PluginJars.strategy("v", "\"two\"").with("Plugin-Version", "2.0.0").write(in("v-2.jar"));
        PluginJars.plugin("c", "contributions.strategy(Named.class);")
                .source("p.c.Named", """
                        public final class Named implements io.drey.spi.UpgradeStrategy {
                            private final io.drey.spi.plugin.PluginContext context;
                            @jakarta.inject.Inject Named(io.drey.spi.plugin.PluginContext context) { this.context = context; }
                            public String name() { return "c" + context.configuration().path("x").asText(); }
                            public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { throw new AssertionError(); }
                        }
                        """)
                .write(in("c.jar"));
        PluginJars.strategy("same", "\"same\"").write(in("same.jar"));
        try (var host = host()) {
            assertThat(strategies(host, "red")).containsExactlyInAnyOrder("two", "c", "same");
            assertThat(strategies(host, "blue")).containsExactlyInAnyOrder("one", "cblue", "same");
            assertThat(inForce(host, "blue").features().strategies().get("same"))
                    .as("what does not differ is there once")
                    .isSameAs(inForce(host, "red").features().strategies().get("same"));
            assertThat(host.installed()).hasSize(6);

            Files.delete(in("v-1.jar"));
            assertThatThrownBy(() -> host.change(offer(Map.of())))
                    .hasMessageContaining(
                            "plugins of blue: it asks for plugin v 1.0.0, which is not there. Present: 2.0.0");
            assertThat(strategies(host, "blue")).contains("one");

            policy("Map.of()", "Map.of()");
            assertThat(host.change(offer(Map.of()))).isTrue();
            assertThat(strategies(host, "blue")).containsExactlyInAnyOrder("two", "c", "same");
            await().until(() -> host.retired().retired() == 3);
        }
    }

    @Test
    void aFeatureThatNobodyOffersMakesNoSetOfItsOwn() throws IOException {
        policy("Map.of()", "Map.of()");
        try (var host = host()) {
            assertThat(inForce(host, "quiet").policy().features())
                    .as("the policy says that a feature is off which no plugin has")
                    .isNotEmpty();
            assertThat(inForce(host, "quiet").features())
                    .isSameAs(inForce(host, "red").features());
        }
    }

    @Test
    void aFeatureIsOffForSomeAndItsContributionsWithIt() throws IOException {
        policy("Map.of()", "Map.of()");
        PluginJars.plugin("noise", """
                        contributions.strategy(Named.class).feature("loud", io.drey.spi.plugin.Stability.STABLE).gate(Loud.class);
                        """)
                .source("p.noise.Named", """
                        public final class Named implements io.drey.spi.UpgradeStrategy {
                            public String name() { return "noise"; }
                            public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { throw new AssertionError(); }
                        }
                        """)
                .source("p.noise.Loud", """
                        public final class Loud implements io.drey.spi.Gate {
                            public java.util.Optional<Hold> check(io.drey.spi.plan.Proposal.Start start, io.drey.spi.Situation situation) {
                                return java.util.Optional.empty();
                            }
                        }
                        """)
                .write(in("noise.jar"));
        try (var host = host()) {
            assertThat(inForce(host, "red").features().gates()).hasSize(1);
            assertThat(inForce(host, "quiet").features().gates()).isEmpty();
            assertThat(strategies(host, "quiet"))
                    .as("what belongs to no feature stays")
                    .containsExactly("noise");
            assertThat(inForce(host, "quiet").features())
                    .as("put together once")
                    .isSameAs(inForce(host, "quiet").features());
            assertThat(inForce(host, "quiet").policy().features())
                    .singleElement()
                    .satisfies(decided -> assertThat(decided.decidedBy()).isEqualTo("tenant quiet"));
        }
    }

    @Test
    void whatIsThereForEverybodyCannotDiffer() throws IOException {
        policy("Map.of()", "Map.of(\"facts\", JsonNodeFactory.instance.objectNode().put(\"x\", 1))");
        PluginJars.plugin("facts", "contributions.factSource(Source.class);")
                .source("p.facts.Source", """
                        public final class Source implements io.drey.spi.FactSource<String> {
                            public io.drey.spi.fact.FactType<String> factType() { return new io.drey.spi.fact.FactType<>("x", String.class); }
                            public java.util.List<Watch> needs() { return java.util.List.of(); }
                            public boolean when(io.drey.spi.Situation situation) { return true; }
                            public String read(ObserveContext context) { throw new AssertionError(); }
                        }
                        """)
                .write(in("facts.jar"));

        assertThatThrownBy(this::host)
                .hasMessageContaining(
                        "plugins of blue: plugin facts brings kinds of resources or watches, which there are once for all");
    }
}
