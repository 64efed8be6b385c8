package io.drey.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kubernetes' controllers and Flink do by themselves: a Deployment gets a pod, the pod starts a job, a Deployment
 * that is being deleted loses its pod and goes. Keeps the books on jobs that were started, and sees a double run. Its
 * limits: one JobManager, no restarts. Not thread-safe.
 */
public final class FakeCluster {
    private final FakeKubernetes kubernetes;
    private final FakeFlink flink;
    private final Map<ObjectKey, String> running = new HashMap<>();
    private final Map<ObjectKey, Integer> stopping = new HashMap<>();
    private int lingers;
    private final List<String> started = new ArrayList<>();

    FakeCluster(FakeKubernetes kubernetes, FakeFlink flink) {
        this.kubernetes = kubernetes;
        this.flink = flink;
    }

    /** The job ids (of session clusters: Deployment uids) that were started, in order. */
    public List<String> started() {
        return List.copyOf(started);
    }

    /** Lets everything happen that waits to happen. */
    public void settle() {
        flink.settle();
        for (var deployment : kubernetes.peekAll("Deployment")) {
            var key = ObjectKey.of(deployment);
            if (deployment.path("metadata").has("deletionTimestamp")
                    || deployment.path("spec").path("replicas").asInt() == 0) {
                if (stop(key) && deployment.path("metadata").has("deletionTimestamp")) {
                    kubernetes.vanish(key);
                    kubernetes.collect(deployment);
                }
            } else {
                start(key, deployment);
            }
        }
        for (var key : List.copyOf(running.keySet())) {
            if (kubernetes.peek(key).isEmpty()) {
                stop(key);
            }
        }
    }

    private void start(ObjectKey key, ObjectNode deployment) {
        var uid = deployment.path("metadata").path("uid").asText();
        if (uid.equals(running.get(key))) {
            return;
        }
        if (running.containsKey(key)) {
            throw new AssertionError(key + " runs twice: " + running.get(key) + " and " + uid);
        }
        if (neverStarts(deployment)) {
            return;
        }
        running.put(key, uid);
        kubernetes.put(pod(key, uid));
        deployment.withObject("/status").put("replicas", 1).put("availableReplicas", 1);
        kubernetes.put(deployment);
        var jobId = deployment
                .path("metadata")
                .path("annotations")
                .path(FakeDeployer.JOB_ID)
                .asText();
        if (jobId.isEmpty()) {
            started.add(uid);
            flink.serves(key.namespace(), key.name());
        } else {
            started.add(jobId);
            var annotations = deployment.path("metadata").path("annotations");
            flink.starts(new FakeFlink.Start(
                    key.namespace(),
                    key.name(),
                    jobId,
                    Optional.of(annotations.path(FakeDeployer.SAVEPOINT).asText())
                            .filter(path -> !path.isEmpty()),
                    annotations.path(FakeDeployer.HIGH_AVAILABILITY).asBoolean(),
                    annotations.path(FakeDeployer.ALLOW_NON_RESTORED).asBoolean(),
                    annotations.path(FakeDeployer.IMAGE).asText(),
                    uid));
        }
    }

    /**
     * An image that is called {@code missing}: there is a Deployment, and nothing becomes available. One that is called
     * {@code unpullable} or {@code crashing} has a pod too that says why.
     */
    private boolean neverStarts(ObjectNode deployment) {
        var image = deployment
                .path("metadata")
                .path("annotations")
                .path(FakeDeployer.IMAGE)
                .asText();
        if (image.contains("unpullable")) {
            waits(deployment, "ImagePullBackOff", "Back-off pulling image " + image);
        } else if (image.contains("crashing")) {
            waits(deployment, "CrashLoopBackOff", "back-off 5m0s restarting failed container");
        } else if (!image.contains("missing")) {
            return false;
        }
        var conditions = deployment.withObject("/status").withArray("conditions");
        if (conditions.isEmpty()) {
            conditions
                    .addObject()
                    .put("type", "Available")
                    .put("status", "False")
                    .put(
                            "lastTransitionTime",
                            deployment
                                    .path("metadata")
                                    .path("creationTimestamp")
                                    .asText());
            kubernetes.put(deployment);
        }
        return true;
    }

    private void waits(ObjectNode deployment, String reason, String message) {
        var key = ObjectKey.of(deployment);
        var pod = pod(key, deployment.path("metadata").path("uid").asText());
        var container = pod.withObject("/status").withArray("containerStatuses").addObject();
        container.put("name", "flink-main-container");
        container.withObject("/state/waiting").put("reason", reason).put("message", message);
        if (kubernetes.peek(ObjectKey.of(pod)).isEmpty()) {
            kubernetes.put(pod);
        }
    }

    private static ObjectNode pod(ObjectKey key, String uid) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        var meta = pod.withObject("/metadata");
        meta.put("namespace", key.namespace()).put("name", key.name() + "-pod");
        meta.withObject("/labels")
                .put("app", key.name())
                .put("component", "jobmanager")
                .put("type", "flink-native-kubernetes");
        meta.withArray("ownerReferences").addObject().put("uid", uid);
        return pod;
    }

    /** From now on a JobManager takes so many turns to stop, and works until then. */
    public void lingers(int turns) {
        lingers = turns;
    }

    /** Whether it has stopped by now. */
    private boolean stop(ObjectKey key) {
        if (running.containsKey(key) && stopping.merge(key, 1, Integer::sum) <= lingers) {
            return false;
        }
        stopping.remove(key);
        running.remove(key);
        kubernetes.vanish(new ObjectKey("v1", "Pod", key.namespace(), key.name() + "-pod"));
        flink.gone(key.namespace(), key.name());
        return true;
    }
}
