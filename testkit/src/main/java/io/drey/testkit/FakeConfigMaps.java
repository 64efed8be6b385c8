package io.drey.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.ObjectKey;
import java.util.Optional;

/** High-availability metadata in config maps, with the labels that Flink gives them. Not thread-safe. */
final class FakeConfigMaps implements FakeMetadata {
    private static final String PLAN = "executionPlan-";
    private static final String CHECKPOINT = "checkpointID-";

    private final FakeKubernetes kubernetes;

    FakeConfigMaps(FakeKubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    static ObjectKey clusterMap(String namespace, String cluster) {
        return new ObjectKey("v1", "ConfigMap", namespace, cluster + "-cluster-config-map");
    }

    static ObjectKey jobMap(String namespace, String cluster, String jobId) {
        return new ObjectKey("v1", "ConfigMap", namespace, cluster + "-" + jobId + "-config-map");
    }

    @Override
    public void submit(FakeFlink.Start start) {
        var map = get(clusterMap(start.namespace(), start.cluster()), start.cluster());
        map.withObject("/data").put(PLAN + start.jobId(), start.deployment());
        map.withObject("/metadata/annotations")
                .put("control-plane.alpha.kubernetes.io/leader", "{\"holderIdentity\":\"" + start.deployment() + "\"}");
        kubernetes.put(map);
        kubernetes.put(get(jobMap(start.namespace(), start.cluster(), start.jobId()), start.cluster()));
    }

    @Override
    public Optional<String> submittedBy(FakeFlink.Start start) {
        return kubernetes
                .peek(clusterMap(start.namespace(), start.cluster()))
                .map(map -> map.path("data").path(PLAN + start.jobId()).asText())
                .filter(text -> !text.isEmpty());
    }

    @Override
    public void completed(FakeFlink.Start start, long id, String path) {
        var key = jobMap(start.namespace(), start.cluster(), start.jobId());
        if (kubernetes.peek(key).isEmpty()) {
            return;
        }
        var map = get(key, start.cluster());
        map.withObject("/data").removeAll().put(CHECKPOINT + String.format("%019d", id), path);
        kubernetes.put(map);
    }

    @Override
    public Optional<String> newest(FakeFlink.Start start) {
        return kubernetes
                .peek(jobMap(start.namespace(), start.cluster(), start.jobId()))
                .flatMap(map -> map.path("data").properties().stream()
                        .filter(entry -> entry.getKey().startsWith(CHECKPOINT))
                        .map(entry -> entry.getValue().asText())
                        .findFirst());
    }

    @Override
    public boolean knows(FakeFlink.Start start) {
        return kubernetes
                .peek(jobMap(start.namespace(), start.cluster(), start.jobId()))
                .isPresent();
    }

    @Override
    public void forget(FakeFlink.Start start) {
        kubernetes.vanish(jobMap(start.namespace(), start.cluster(), start.jobId()));
        kubernetes.peek(clusterMap(start.namespace(), start.cluster())).ifPresent(map -> {
            var left = (ObjectNode) map;
            left.withObject("/data").remove(PLAN + start.jobId());
            kubernetes.put(left);
        });
    }

    @Override
    public void lose(String namespace, String cluster) {
        for (var map : kubernetes.peekAll("ConfigMap")) {
            var metadata = map.path("metadata");
            if (metadata.path("namespace").asText().equals(namespace)
                    && metadata.path("labels").path("app").asText().equals(cluster)
                    && metadata.path("labels").has("configmap-type")) {
                kubernetes.vanish(ObjectKey.of(map));
            }
        }
    }

    private ObjectNode get(ObjectKey key, String cluster) {
        return kubernetes.peek(key).map(ObjectNode.class::cast).orElseGet(() -> {
            ObjectNode map = JsonNodeFactory.instance.objectNode();
            map.put("apiVersion", "v1").put("kind", "ConfigMap");
            map.withObject("/metadata").put("namespace", key.namespace()).put("name", key.name());
            map.withObject("/metadata/labels")
                    .put("app", cluster)
                    .put("type", "flink-native-kubernetes")
                    .put("configmap-type", "high-availability");
            return map;
        });
    }
}
