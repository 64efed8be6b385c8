package io.drey.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.generation.InForce;
import io.drey.core.kubernetes.TestKind;
import io.drey.core.port.ResourceCache;
import io.drey.spi.ResourceKind;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SwapCheckLimitTest {
    private final AtomicInteger trials = new AtomicInteger();
    private final Entered next = new Same(Map.of("FlinkDeployment", new TestKind(object -> {})));
    private final Entered current = new Same(Map.of("FlinkDeployment", new TestKind(object -> {})));

    private record Same(Map<String, ResourceKind<?>> kinds) implements Entered {
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

    /** Ten thousand resources. */
    private static final class Many implements ResourceCache {
        @Override
        public List<ResourceRef> resources() {
            return IntStream.range(0, 10_000)
                    .mapToObj(i -> new ResourceRef("FlinkDeployment", "shop", "job-" + i))
                    .toList();
        }

        @Override
        public Optional<CustomResource> resource(ResourceRef ref, ResourceKind<?> kind) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> namespaceLabels(String namespace) {
            return Map.of();
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

    @Test
    void a_swap_that_is_refused_again_and_again_does_not_look_at_all_resources_each_time() {
        var check = new SwapCheck(
                (ref, generation) -> {
                    trials.incrementAndGet();
                    return generation == next
                            ? new Trial(Optional.of(Cause.CHANGE), Optional.empty(), Optional.empty())
                            : Trial.NOTHING;
                },
                new Many());

        assertThat(SwapCheck.lines(check.firstFindings(next, current)))
                .singleElement()
                .asString()
                .contains("start by itself on at least 20 resources: shop/job-0");
        assertThat(trials).hasValue(2 * 20);
        assertThat(check.findings(next, current)).hasSize(10_000);
    }
}
