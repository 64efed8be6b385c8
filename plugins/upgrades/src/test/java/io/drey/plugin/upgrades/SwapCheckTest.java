package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Scenario.application;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Module;
import io.drey.core.generation.FeatureSet;
import io.drey.spi.Decorator;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Situation;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an exchange of plugins would do to resources is found before it is at work. */
class SwapCheckTest {
    private final Simulation world = Scenario.start();

    private static FeatureSet with(FeaturePlugin plugin) {
        return Scenario.features(new FeatureSets().plugin(plugin, Clock.systemUTC()));
    }

    /** Takes another image for each deployment. */
    static final class Meddling implements FeaturePlugin, Decorator<CustomResource> {
        @Override
        public Module module(PluginContext context) {
            return binder -> Contributions.of(binder)
                    .feature("meddling", Stability.EXPERIMENTAL)
                    .decorator(Meddling.class);
        }

        @Override
        public Phase<CustomResource> phase() {
            return Phase.SPEC;
        }

        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public CustomResource decorate(CustomResource resource, Situation situation) {
            var deployment = (FlinkDeployment) resource;
            return deployment.withSpec(deployment.spec().withImage("flink:meddled"));
        }
    }

    private static FeatureSet without(FeatureSet features, boolean kinds, boolean deployers) {
        return new FeatureSet(
                kinds ? Map.of() : features.kinds(),
                features.factSources(),
                features.admissionRules(),
                features.proposers(),
                features.strategies(),
                deployers ? Map.of() : features.deployers(),
                features.decorators(),
                features.gates(),
                features.statusParts(),
                features.stepHandlers(),
                features.listeners());
    }

    @Test
    void a17_a_decorator_that_changes_every_spec_is_refused_with_how_many_it_would_restart() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        assertThat(world.swapFindings(with(new Meddling())))
                .containsExactly("an operation (CHANGE) would start by itself on 1 resource: tests/job");
        assertThat(world.kubernetes().log())
                .as("it was only asked")
                .filteredOn(entry -> entry.contains("delete"))
                .isEmpty();
    }

    @Test
    void a17_the_same_plugins_again_touch_nothing() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);

        assertThat(world.swapFindings(Scenario.features(new FeatureSets()))).isEmpty();
    }

    @Test
    void a17_what_would_have_begun_anyway_is_not_laid_at_the_door_of_the_exchange() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.apply(application("flink:2.4", 1, "running"));

        assertThat(world.swapFindings(Scenario.features(new FeatureSets()))).isEmpty();
    }

    @Test
    void a5_f31_a_running_operation_keeps_its_deployer_or_the_exchange_is_refused() {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.pass(ref);
        world.pass(ref);
        assertThat(world.status(ref).has("operation")).isTrue();

        assertThat(world.swapFindings(without(Scenario.features(new FeatureSets()), false, true)))
                .singleElement()
                .asString()
                .matches("the running operation would lose its deployer '\\w+' on 1 resource: tests/job");
    }

    @Test
    void a5_resources_keep_their_kind_or_the_exchange_is_refused() {
        for (int i = 0; i < 7; i++) {
            world.apply(application("flink:2.3", 1, "running").replace("name: job", "name: job" + i));
        }

        List<String> findings = world.swapFindings(without(Scenario.features(new FeatureSets()), true, false));

        assertThat(findings)
                .singleElement()
                .asString()
                .startsWith("no plugin would know the kind FlinkDeployment of 7 resources: tests/job")
                .endsWith(" and 2 more");
    }
}
