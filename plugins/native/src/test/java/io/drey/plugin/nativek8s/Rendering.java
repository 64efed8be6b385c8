package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import io.drey.spi.Decorator;
import io.drey.spi.Decorator.Phase;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Deployer;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.resource.FlinkDeployment;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The plugin as its host would run it for one launch: decorators in order, then the deployer. */
final class Rendering {
    static final String OPERATION = "00112233445566778899aabbccddeeff";
    static final String JOB = "ffeeddccbbaa99887766554433221100";

    private final Injector injector;

    Rendering(FeaturePlugin plugin) {
        this(plugin, Map.of());
    }

    /** @param files of the operator's folder of configuration */
    Rendering(FeaturePlugin plugin, Map<String, String> files) {
        injector = Guice.createInjector(plugin.module(new Context(files)));
    }

    Deployer deployer() {
        return deployer("native");
    }

    Deployer deployer(String name) {
        return set(new TypeLiteral<Set<Deployer>>() {}).stream()
                .filter(deployer -> deployer.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    FactSource<?> factSource() {
        return set(new TypeLiteral<Set<FactSource<?>>>() {}, FactSource.class).stream()
                .filter(source -> source.factType().equals(HighAvailability.TYPE))
                .findFirst()
                .orElseThrow();
    }

    FlinkConfig config(FlinkDeployment resource, FlinkConfig platform, Situation situation) {
        var own = new FlinkConfig(resource.spec().flinkConfiguration().flatten());
        return decorate(Phase.CONFIG, platform.with(own), situation);
    }

    PodTemplates pods(PodTemplates merged, Situation situation) {
        return decorate(Phase.PODS, merged, situation);
    }

    List<ObjectNode> objects(
            FlinkDeployment resource, FlinkConfig platform, PodTemplates merged, Operation operation, Facts facts) {
        return deployer().render(launch(resource, platform, merged, operation, facts));
    }

    Launch launch(
            FlinkDeployment resource, FlinkConfig platform, PodTemplates merged, Operation operation, Facts facts) {
        var own = new FlinkConfig(resource.spec().flinkConfiguration().flatten());
        var situation =
                new TestSituation(resource, platform.with(own), Optional.of(operation), facts, TestSituation.NOW);
        var pods = pods(merged, situation);
        return new Launch(
                resource,
                config(resource, platform, situation),
                pods.jobManager(),
                pods.taskManager(),
                operation,
                resource.spec().job().map(job -> JOB),
                operation.restore().path());
    }

    static Operation operation(Restore restore) {
        return new Operation(
                OPERATION,
                Cause.CHANGE,
                Target.CURRENT,
                3,
                "upgrades/stateless",
                "native",
                Stop.NONE,
                restore,
                true,
                Operation.Phase.LAUNCHING,
                1,
                TestSituation.NOW,
                TestSituation.NOW,
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    @SuppressWarnings("unchecked")
    private <T> T decorate(Phase<T> phase, T value, Situation situation) {
        var decorated = value;
        for (var decorator : set(new TypeLiteral<Set<Decorator<?>>>() {}, Decorator.class)) {
            if (decorator.phase().equals(phase) && decorator.kinds().contains("FlinkDeployment")) {
                decorated = ((Decorator<T>) decorator).decorate(decorated, situation);
            }
        }
        return decorated;
    }

    private <T> Set<T> set(TypeLiteral<Set<T>> type) {
        return injector.getInstance(Key.get(type));
    }

    @SuppressWarnings("unchecked")
    private <T> Set<T> set(TypeLiteral<Set<T>> type, Class<?> raw) {
        return (Set<T>) injector.getInstance(Key.get(com.google.inject.util.Types.setOf(raw)));
    }

    private static final class Context implements PluginContext {
        private final ObjectMapper mapper = new ObjectMapper();
        private final Map<String, String> files;

        Context(Map<String, String> files) {
            this.files = files;
        }

        @Override
        public Optional<String> configurationFile(String name) {
            return Optional.ofNullable(files.get(name));
        }

        @Override
        public String pluginId() {
            return "native";
        }

        @Override
        public String version() {
            return "0.1.0";
        }

        @Override
        public com.fasterxml.jackson.databind.JsonNode configuration() {
            return mapper.createObjectNode();
        }

        @Override
        public ObjectMapper mapper() {
            return mapper;
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }
    }
}
