package io.drey.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.config.FlinkConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LayeredFlinkConfigsTest {
    private static final String DEFAULT = "kubernetes.operator.default-configuration.";

    private final LayeredFlinkConfigs configs = new LayeredFlinkConfigs(new FlinkConfig(Map.ofEntries(
            Map.entry("a", "platform"),
            Map.entry("b", "platform"),
            Map.entry("kubernetes.operator.deployment.rollback.enabled", "false"),
            Map.entry(DEFAULT + "namespace.blue.b", "namespace"),
            Map.entry(DEFAULT + "namespace.blue.c", "namespace"),
            Map.entry(DEFAULT + "namespace.blue.kubernetes.operator.deployment.rollback.enabled", "true"),
            Map.entry(DEFAULT + "flink-version.v1_18+.c", "1.18 and newer"),
            Map.entry(DEFAULT + "flink-version.v1_18+.d", "1.18 and newer"),
            Map.entry(DEFAULT + "flink-version.v1_18+.e", "1.18 and newer"),
            Map.entry(DEFAULT + "flink-version.v1_20+.d", "1.20 and newer"),
            Map.entry(DEFAULT + "flink-version.v1_20+.e", "1.20 and newer"),
            Map.entry(DEFAULT + "flink-version.v1_20.e", "1.20"),
            Map.entry(DEFAULT + "flink-version.v1_20.f", "1.20"),
            Map.entry(DEFAULT + "flink-version.v2+.g", "no version"),
            Map.entry(DEFAULT + "flink-version.latest.g", "no version"))));

    private FlinkConfig effective(String namespace, String version, String... own) {
        var keys = own.length == 0 ? Map.<String, String>of() : Map.of(own[0], own[1]);
        return configs.effective(new ConfigRequest(namespace, Optional.ofNullable(version), new FlinkConfig(keys)));
    }

    @Test
    @Tag("S039")
    void theNearestLayerCounts() {
        assertThat(effective("blue", "v1_20", "f", "own").values())
                .containsExactly(
                        Map.entry("a", "platform"),
                        Map.entry("b", "namespace"),
                        Map.entry("c", "1.18 and newer"),
                        Map.entry("d", "1.20 and newer"),
                        Map.entry("e", "1.20"),
                        Map.entry("f", "own"),
                        Map.entry("kubernetes.operator.deployment.rollback.enabled", "true"));
    }

    @Test
    void versionsAreNumbersAndOlderOnesAreNotConcerned() {
        assertThat(effective("green", "v1_17").get("d")).isEmpty();
        assertThat(effective("green", "v1_19").get("e")).contains("1.18 and newer");
        assertThat(effective("green", "v2_0").get("e")).contains("1.20 and newer");
        assertThat(effective("green", "v2_0").get("f")).isEmpty();
        assertThat(effective("green", null).get("c")).isEmpty();
        assertThat(effective("green", "nonsense").get("a")).contains("platform");
    }

    @Test
    void defaultsOfOneNamespaceAreNotThoseOfAnother() {
        assertThat(effective("green", "v1_17").values())
                .containsExactly(
                        Map.entry("a", "platform"),
                        Map.entry("b", "platform"),
                        Map.entry("kubernetes.operator.deployment.rollback.enabled", "false"));
    }

    @Test
    @Tag("S041")
    void aResourceMaySetOperatorKeys() {
        assertThat(effective("green", "v1_20", "kubernetes.operator.deployment.rollback.enabled", "true")
                        .get("kubernetes.operator.deployment.rollback.enabled"))
                .contains("true");
    }

    @Test
    void theSameRequestIsAnsweredFromMemory() {
        assertThat(effective("blue", "v1_20", "f", "own")).isSameAs(effective("blue", "v1_20", "f", "own"));
    }
}
