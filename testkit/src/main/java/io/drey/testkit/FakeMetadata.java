package io.drey.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.ObjectKey;
import java.util.Optional;

/**
 * What Flink keeps in config maps for high availability: the jobs as they were submitted, and for each job its newest
 * checkpoint. Not thread-safe.
 */
final class FakeMetadata {
    private static final String PLAN = "executionPlan-";
    private static final String CHECKPOINT = "checkpointID-";

    private final FakeKubernetes kubernetes;

    FakeMetadata(FakeKubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    static ObjectKey clusterMap(String namespace, String cluster) {
        return new ObjectKey("v1", "ConfigMap", namespace, cluster + "-cluster-config-map");
    }

    static ObjectKey jobMap(String namespace, String cluster, String jobId) {
        return new ObjectKey("v1", "ConfigMap", namespace, cluster + "-" + jobId + "-config-map");
    }

    /** A job is submitted: by whom, as it was then. */
    void submit(FakeFlink.Start start) {
        var map = get(clusterMap(start.namespace(), start.cluster()), start.cluster());
        map.withObject("/data").put(PLAN + start.jobId(), start.deployment());
        kubernetes.put(map);
        kubernetes.put(get(jobMap(start.namespace(), start.cluster(), start.jobId()), start.cluster()));
    }

    /** The Deployment that submitted this job, if it would be taken up as it was submitted then. */
    Optional<String> submittedBy(FakeFlink.Start start) {
        return kubernetes
                .peek(clusterMap(start.namespace(), start.cluster()))
                .map(map -> map.path("data").path(PLAN + start.jobId()).asText())
                .filter(text -> !text.isEmpty());
    }

    void completed(FakeFlink.Start start, long id, String path) {
        var key = jobMap(start.namespace(), start.cluster(), start.jobId());
        if (kubernetes.peek(key).isEmpty()) {
            return;
        }
        var map = get(key, start.cluster());
        map.withObject("/data").removeAll().put(CHECKPOINT + String.format("%019d", id), path);
        kubernetes.put(map);
    }

    /** Path of the newest checkpoint. */
    Optional<String> newest(FakeFlink.Start start) {
        return kubernetes
                .peek(jobMap(start.namespace(), start.cluster(), start.jobId()))
                .flatMap(map -> map.path("data").properties().stream()
                        .filter(entry -> entry.getKey().startsWith(CHECKPOINT))
                        .map(entry -> entry.getValue().asText())
                        .findFirst());
    }

    boolean knows(FakeFlink.Start start) {
        return kubernetes
                .peek(jobMap(start.namespace(), start.cluster(), start.jobId()))
                .isPresent();
    }

    /** A job has ended: nobody is to take it up again. */
    void forget(FakeFlink.Start start) {
        kubernetes.vanish(jobMap(start.namespace(), start.cluster(), start.jobId()));
        kubernetes.peek(clusterMap(start.namespace(), start.cluster())).ifPresent(map -> {
            var left = (ObjectNode) map;
            left.withObject("/data").remove(PLAN + start.jobId());
            kubernetes.put(left);
        });
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
