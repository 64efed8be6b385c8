package io.drey.plugin.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.drey.spi.FeaturePolicy.Decided;
import io.drey.spi.FeaturePolicy.Policy;
import io.drey.spi.FeaturePolicy.Subject;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantPolicyTest {
    private static final String LAYERS = """
            platform:
              features: {autoscaler: off, ingress: off, webhook: on}
              lockedFeatures: [ingress]
              flinkConfiguration: {a: platform, b: platform, secure: platform}
              lockedKeys: [secure]
            tenants:
              blue:
                namespaces: [blue, "blue-*"]
                features: {autoscaler: on, ingress: on}
                flinkConfiguration: {b: blue, secure: blue}
                plugins:
                  validators: {version: 1.2.0, configuration: {strict: true}}
              green:
                namespaceLabels: {team: green}
            namespaces:
              blue-test:
                features: {webhook: off}
                flinkConfiguration: {b: blue-test}
            """;

    private static TenantPolicy policy(String yaml) {
        try {
            return new TenantPolicy(TenantsConfig.of(new ObjectMapper(new YAMLFactory()).readTree(yaml)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Policy of(String namespace, Map<String, String> annotations, Map<String, String> labels) {
        return policy(LAYERS)
                .policy(new Subject(new ResourceRef("FlinkDeployment", namespace, "job"), annotations, labels));
    }

    private static Policy of(String namespace) {
        return of(namespace, Map.of(), Map.of());
    }

    private static Decided feature(Policy policy, String name) {
        return policy.features().stream()
                .filter(decided -> decided.feature().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTenantIsFoundByNameByPatternAndByLabels() {
        assertThat(of("blue").tenant()).contains("blue");
        assertThat(of("blue-test").tenant()).contains("blue");
        assertThat(of("bluebell").tenant()).isEmpty();
        assertThat(of("x", Map.of(), Map.of("team", "green", "more", "y")).tenant())
                .contains("green");
        assertThat(of("x", Map.of(), Map.of("team", "red")).tenant()).isEmpty();
        assertThat(of("blue", Map.of(), Map.of("team", "green")).tenant())
                .as("the first of the file")
                .contains("blue");
        assertThat(policy(LAYERS).readsNamespaceLabels()).isTrue();
        assertThat(policy("{}").readsNamespaceLabels()).isFalse();
    }

    @Test
    void theNearestWins() {
        assertThat(feature(of("other"), "autoscaler"))
                .isEqualTo(new Decided("autoscaler", false, "platform", Optional.empty()));
        assertThat(feature(of("blue"), "autoscaler"))
                .isEqualTo(new Decided("autoscaler", true, "tenant blue", Optional.empty()));
        assertThat(feature(of("blue-test"), "webhook"))
                .isEqualTo(new Decided("webhook", false, "namespace blue-test", Optional.empty()));
        assertThat(feature(
                        of("blue", Map.of("drey.io/features", "autoscaler = off, nonsense, x=y"), Map.of()),
                        "autoscaler"))
                .isEqualTo(new Decided("autoscaler", false, "resource", Optional.empty()));
    }

    @Test
    void whatIsLockedFurtherOutStays() {
        assertThat(feature(of("blue"), "ingress"))
                .isEqualTo(new Decided("ingress", false, "platform (locked)", Optional.of("tenant blue")));
        assertThat(feature(of("x", Map.of("drey.io/features", "ingress=on"), Map.of()), "ingress")
                        .overruled())
                .contains("resource");
        assertThat(of("blue").locked().values()).containsExactly(Map.entry("secure", "platform"));
    }

    @Test
    void defaultsComeInLayers() {
        assertThat(of("other").defaults().values())
                .containsEntry("a", "platform")
                .containsEntry("b", "platform");
        assertThat(of("blue").defaults().values())
                .containsEntry("a", "platform")
                .containsEntry("b", "blue");
        assertThat(of("blue-test").defaults().values()).containsEntry("b", "blue-test");
        assertThat(of("blue").defaults().values()).containsEntry("secure", "platform");
    }

    @Test
    void aTenantsPluginsAreASetOfTheirOwn() {
        assertThat(of("blue").set()).contains("tenant blue");
        assertThat(of("other").set()).isEmpty();
        assertThat(policy(LAYERS).sets()).singleElement().satisfies(set -> {
            assertThat(set.versions()).containsExactly(Map.entry("validators", "1.2.0"));
            assertThat(set.configuration().get("validators").path("strict").asBoolean())
                    .isTrue();
        });
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> policy("""
                        platform: {features: {a: maybe}, lockedFeatures: [b], lockedKeys: [c], extra: 1}
                        tenants:
                          blue: {namespace: x}
                        namespaces: [a]
                        tenant: {}
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plugins.tenants.platform.features.a: found 'maybe', must be on or off")
                .hasMessageContaining("plugins.tenants.platform.lockedFeatures: 'b' has no value here")
                .hasMessageContaining("plugins.tenants.platform.lockedKeys: 'c' has no value here")
                .hasMessageContaining("plugins.tenants.platform.extra: there is no such setting")
                .hasMessageContaining("plugins.tenants.tenants.blue.namespaces: it is missing")
                .hasMessageContaining("plugins.tenants.tenants.blue.namespace: there is no such setting")
                .hasMessageContaining("plugins.tenants.namespaces: must be a map")
                .hasMessageContaining("plugins.tenants.tenant: there is no such setting");
    }
}
