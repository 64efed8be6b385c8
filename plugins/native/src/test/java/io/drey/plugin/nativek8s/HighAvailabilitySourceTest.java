package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.Situation;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HighAvailabilitySourceTest {
    private final FlinkDeployment resource = new FlinkDeployment(
            Metadata.of("orders", "basic"),
            FlinkDeploymentSpec.EMPTY,
            new ResourceMapper()
                    .deployment(JsonNodeFactory.instance.objectNode())
                    .status());
    private final HighAvailabilitySource source = new HighAvailabilitySource();

    @Test
    @Tag("S077")
    void seesWhatFlinkKeepsAndNothingElseOfTheCluster() {
        var found = source.read(new Live(List.of(
                map("basic-cluster-config-map", Map.of()),
                map("basic-0123-config-map", Map.of()),
                map("basic-dispatcher-leader", Map.of()),
                map("renamed", Map.of("configmap-type", "high-availability")),
                map("flink-config-basic", Map.of()),
                map("pod-template-basic", Map.of()),
                map("autoscaler-basic", Map.of("component", "autoscaler")))));

        assertThat(found.configMaps().stream()
                        .map(map -> map.at("/metadata/name").asText()))
                .containsExactly(
                        "basic-cluster-config-map", "basic-0123-config-map", "basic-dispatcher-leader", "renamed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flink-config-orders", "pod-template-orders", "orders-leader", "a-config-map"})
    void the_name_of_the_cluster_hides_none_and_makes_none(String cluster) {
        var found = List.of(
                        cluster + "-cluster-config-map",
                        cluster + "-0123-config-map",
                        "flink-config-" + cluster,
                        "pod-template-" + cluster)
                .stream()
                .map(name -> map(name, Map.of("app", cluster)))
                .filter(HighAvailabilityMaps::isOne);

        assertThat(found.map(map -> map.at("/metadata/name").asText()))
                .containsExactly(cluster + "-cluster-config-map", cluster + "-0123-config-map");
    }

    @Test
    void isReadOnDemandOnly() {
        assertThat(source.needs()).isEmpty();
        assertThat(source.when(TestSituation.of(resource))).isFalse();
    }

    private static JsonNode map(String name, Map<String, String> labels) {
        var map = JsonNodeFactory.instance.objectNode();
        map.withObject("/metadata").put("name", name);
        map.withObject("/metadata/labels").put("app", "basic");
        labels.forEach(map.withObject("/metadata/labels")::put);
        return map;
    }

    /** Has config maps of one selector, live; knows nothing else. */
    private final class Live implements ObserveContext {
        private final List<JsonNode> maps;

        Live(List<JsonNode> maps) {
            this.maps = maps;
        }

        @Override
        public CustomResource resource() {
            return resource;
        }

        @Override
        public Situation situation() {
            return TestSituation.of(resource);
        }

        @Override
        public Optional<JsonNode> cached(ObjectKey key) {
            throw new AssertionError("not from the cache");
        }

        @Override
        public List<JsonNode> cached(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            throw new AssertionError("not from the cache");
        }

        @Override
        public Optional<JsonNode> live(ObjectKey key) {
            return Optional.empty();
        }

        @Override
        public List<JsonNode> live(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            assertThat(List.of(apiVersion, kind, namespace)).containsExactly("v1", "ConfigMap", "orders");
            assertThat(labels).isEqualTo(Map.of("type", "flink-native-kubernetes", "app", "basic"));
            return maps;
        }

        @Override
        public List<JsonNode> warnings(ObjectKey about) {
            return List.of();
        }

        @Override
        public List<Namesake> namesakes() {
            throw new AssertionError("not needed");
        }

        @Override
        public Polled flink(FlinkRef flink, Duration every) {
            throw new AssertionError("not polled");
        }

        @Override
        public JobCheckpoints checkpoints(FlinkRef flink, String jobId) {
            return JobCheckpoints.unread(jobId);
        }
    }
}
