package io.drey.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.engine.SwapCheck;
import io.drey.core.engine.Trial;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.generation.InForce;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.kubernetes.OperatorEvents;
import io.drey.core.kubernetes.TestKind;
import io.drey.core.port.KubernetesApi;
import io.drey.spi.ResourceKind;
import io.drey.spi.resource.CustomResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build())
            .build();
    private final InformerCache informers = new InformerCache(client, List.of(), "", (ref, priority) -> {});
    /** The resource of {@link PluginsCommandTest.OneResource} has a kind that the next generation does not know. */
    private final Exchange exchange = new Exchange(
            informers,
            (ref, priority) -> {},
            new OperatorEvents(nobody(), Optional.empty(), Clock.systemUTC()),
            new SwapCheck((ref, generation) -> Trial.NOTHING, new PluginsCommandTest.OneResource()));

    /** Without a Deployment of the operator nothing is written. */
    private static KubernetesApi nobody() {
        return (KubernetesApi) Proxy.newProxyInstance(
                KubernetesApi.class.getClassLoader(),
                new Class<?>[] {KubernetesApi.class},
                (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private record Kinds(Map<String, ResourceKind<?>> kinds) implements Entered {
        @Override
        public InForce inForce(CustomResource resource, Function<String, Map<String, String>> namespaceLabels) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean readsNamespaceLabels() {
            return false;
        }

        @Override
        public Entered again() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FeatureSet platform() {
            return new FeatureSet(
                    kinds, List.of(), List.of(), List.of(), Map.of(), Map.of(), List.of(), List.of(), List.of(),
                    Map.of(), List.of());
        }

        @Override
        public void close() {}
    }

    private final Entered current = new Kinds(Map.of("Thing", new TestKind(object -> {})));
    private final Entered next = new Kinds(Map.of());

    @AfterEach
    void close() {
        informers.close();
        client.close();
    }

    @Test
    void a_swap_that_would_touch_a_resource_is_refused_with_the_way_out() {
        assertThat(exchange.prepare(next, current))
                .singleElement()
                .asString()
                .contains("no plugin would know the kind Thing of 1 resource: shop/orders")
                .contains("drey.plugins.swap: force");
    }

    @Test
    void a_forced_swap_goes_on() {
        exchange.force(true);
        assertThat(exchange.prepare(next, current)).isEmpty();

        exchange.force(false);
        assertThat(exchange.prepare(next, current)).isNotEmpty();
    }
}
