package io.drey.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Module;
import io.drey.plugin.upgrades.Scenario;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FeatureSets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about resources of one name in several namespaces. */
class NamesakesTest {
    private static final List<List<FactSource.Namesake>> SEEN = new ArrayList<>();

    /** Notes the namesakes in each pass. */
    static final class Probe implements FactSource<String> {
        @Override
        public FactType<String> factType() {
            return new FactType<>("probe", String.class);
        }

        @Override
        public boolean when(Situation situation) {
            return true;
        }

        @Override
        public String read(ObserveContext context) {
            SEEN.add(context.namesakes());
            return "";
        }
    }

    /** Contributes the probe. */
    static final class ProbePlugin implements FeaturePlugin {
        @Override
        public Module module(PluginContext context) {
            return binder ->
                    Contributions.of(binder).feature("probe", Stability.STABLE).factSource(Probe.class);
        }
    }

    @Test
    void a_namesake_is_a_deployed_resource_of_the_same_name_elsewhere_with_the_configuration_it_was_deployed_with() {
        var world = Scenario.start(new FeatureSets().plugin(new ProbePlugin(), Clock.systemUTC()));
        var application = Scenario.application("flink:2.3", 1, "running", "stateless", "{rest.port: '9000'}");
        var ours = world.apply(application);
        var theirs = world.apply(application.replace("namespace: tests", "namespace: other"));
        world.apply(application.replace("namespace: tests", "namespace: other").replace("name: job", "name: more"));
        SEEN.clear();
        world.pass(ours);
        assertThat(SEEN).as("not deployed yet").containsExactly(List.of());
        world.converge(theirs);
        world.apply(application.replace("namespace: tests", "namespace: other").replace("9000", "9001"));
        SEEN.clear();

        world.pass(ours);

        assertThat(SEEN).hasSize(1);
        assertThat(SEEN.getFirst()).singleElement().satisfies(namesake -> {
            assertThat(namesake.ref()).isEqualTo(new ResourceRef("FlinkDeployment", "other", "job"));
            assertThat(namesake.config().get("rest.port")).contains("9000");
            assertThat(namesake.config().get("parallelism.default"))
                    .as("the operator's")
                    .contains("1");
        });
    }
}
