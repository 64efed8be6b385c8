package io.drey.core.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchedObjectsTest {
    private static final Watch PODS =
            new Watch("v1", "Pod", Map.of("type", ""), "app", "FlinkDeployment").reading("/status/conditions");
    private static final ObjectKey POD = new ObjectKey("v1", "Pod", "shop", "job-1");
    private static final ResourceRef JOB = new ResourceRef("FlinkDeployment", "shop", "job");

    private static ObjectNode pod(String version, String app, String ready) {
        try {
            return (ObjectNode) new YAMLMapper().readTree("""
                    apiVersion: v1
                    kind: Pod
                    metadata:
                      namespace: shop
                      name: job-1
                      uid: a
                      resourceVersion: "%s"
                      labels: {app: %s, type: flink-native-kubernetes}
                      annotations: {large: text}
                    spec: {containers: [{name: main}]}
                    status: {podIP: 10.0.0.1, conditions: [{type: Ready, status: "%s"}]}
                    """.formatted(version, app, ready));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WatchedObjects one(Watch... watches) {
        return WatchedObjects.of(List.of(watches)).getFirst();
    }

    @Test
    void only_the_parts_that_are_read_are_kept() {
        var pods = one(PODS);
        pods.put(pod("1", "job", "True"));

        var kept = pods.get(POD).orElseThrow();
        assertThat(kept.at("/status/conditions/0/status").asText()).isEqualTo("True");
        assertThat(kept.at("/metadata/labels/app").asText()).isEqualTo("job");
        assertThat(kept.at("/metadata/uid").asText()).isEqualTo("a");
        assertThat(kept.has("spec")).isFalse();
        assertThat(kept.at("/metadata/annotations").isMissingNode()).isTrue();
        assertThat(kept.at("/status/podIP").isMissingNode()).isTrue();
    }

    @Test
    void a_change_of_other_parts_concerns_nobody() {
        var pods = one(PODS);
        assertThat(pods.put(pod("1", "job", "False"))).containsExactly(JOB);

        assertThat(pods.put(pod("2", "job", "False"))).isEmpty();
        assertThat(pods.put(pod("3", "job", "True"))).containsExactly(JOB);
    }

    @Test
    void an_object_that_changes_its_owner_concerns_both() {
        var pods = one(PODS);
        pods.put(pod("1", "job", "True"));

        assertThat(pods.put(pod("2", "other", "True")))
                .containsExactly(JOB, new ResourceRef("FlinkDeployment", "shop", "other"));
        assertThat(pods.find("shop", Map.of("app", "job"))).isEmpty();
        assertThat(pods.find("shop", Map.of("app", "other"))).hasSize(1);
        assertThat(pods.remove(POD)).containsExactly(new ResourceRef("FlinkDeployment", "shop", "other"));
        assertThat(pods.find("shop", Map.of("app", "other"))).isEmpty();
    }

    @Test
    void a_watch_that_names_no_parts_keeps_whole_objects() {
        var pods = one(PODS, new Watch("v1", "Pod", Map.of("type", ""), "app", "FlinkDeployment"));
        pods.put(pod("1", "job", "True"));

        assertThat(pods.get(POD)).contains(pod("1", "job", "True"));
    }

    @Test
    void an_object_in_two_selections_is_kept_alike_in_both() {
        var others = new Watch("v1", "Pod", Map.of("component", "x"), "app", "FlinkDeployment").reading("/spec");
        var selections = WatchedObjects.of(List.of(PODS, others));
        selections.forEach(one -> one.put(pod("1", "job", "True")));

        assertThat(selections).hasSize(2).allSatisfy(one -> {
            assertThat(one.get(POD).orElseThrow().has("spec")).isTrue();
            assertThat(one.get(POD).orElseThrow().at("/status/conditions").isArray())
                    .isTrue();
        });
        assertThat(selections.getFirst().covers(one(PODS))).isTrue();
        assertThat(one(PODS).covers(selections.getFirst())).isFalse();
    }
}
