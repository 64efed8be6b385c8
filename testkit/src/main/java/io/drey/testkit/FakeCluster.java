package io.drey.testkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Kubernetes' controllers and Flink do by themselves: a Deployment gets its pods, the first of them leads and starts a
 * job, a Deployment that is being deleted loses its pods one by one and goes. Keeps the books on jobs that were started, and
 * sees a double run. Its limits: pods come back only when a test says so. Not thread-safe.
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
        var found = FakeLaunch.of(deployment, kubernetes);
        if (found.isEmpty() || neverStarts(deployment, found.get())) {
            return;
        }
        var launch = found.get();
        running.put(key, uid);
        int replicas = deployment.path("spec").path("replicas").asInt();
        for (int index = 0; index < replicas; index++) {
            kubernetes.put(pod(key, uid, index));
        }
        available(deployment, replicas);
        if (launch.jobId().isEmpty()) {
            started.add(uid);
            flink.serves(key.namespace(), key.name());
        } else {
            started.add(launch.jobId().get());
            flink.starts(new FakeFlink.Start(
                    key.namespace(),
                    key.name(),
                    launch.jobId().get(),
                    launch.savepoint(),
                    launch.kept(),
                    launch.allowNonRestored(),
                    launch.image(),
                    launch.requirements(),
                    uid));
        }
    }

    private void available(ObjectNode deployment, int pods) {
        deployment.withObject("/status").put("replicas", pods).put("availableReplicas", pods);
        conditions(deployment, pods > 0 ? "True" : "False", "NewReplicaSetAvailable");
        kubernetes.put(deployment);
    }

    /** Set a moment after the Deployment was created, as Kubernetes does. */
    private static void conditions(ObjectNode deployment, String available, String progress) {
        var created = Instant.parse(
                deployment.path("metadata").path("creationTimestamp").asText());
        var conditions = deployment.withObject("/status").putArray("conditions");
        conditions
                .addObject()
                .put("type", "Available")
                .put("status", available)
                .put("lastTransitionTime", created.plusSeconds(1).toString());
        conditions.addObject().put("type", "Progressing").put("status", "True").put("reason", progress);
    }

    /** A JobManager's pod is lost, with its node: that of the leader while there is one. A standby takes over at once. */
    public void losesJobManager(String namespace, String name) {
        var key = new ObjectKey("apps/v1", "Deployment", namespace, name);
        var pods = pods(key);
        kubernetes.vanish(pods.getFirst());
        available((ObjectNode) kubernetes.peek(key).orElseThrow(), pods.size() - 1);
        if (pods.size() > 1) {
            flink.crash(namespace, name);
        } else {
            flink.silent(namespace, name, true);
        }
    }

    /** All JobManagers that the Deployment asks for run again. */
    public void jobManagersReturn(String namespace, String name) {
        var key = new ObjectKey("apps/v1", "Deployment", namespace, name);
        var deployment = (ObjectNode) kubernetes.peek(key).orElseThrow();
        boolean none = pods(key).isEmpty();
        int replicas = deployment.path("spec").path("replicas").asInt();
        for (int index = 0; index < replicas; index++) {
            var pod = pod(key, deployment.path("metadata").path("uid").asText(), index);
            if (kubernetes.peek(ObjectKey.of(pod)).isEmpty()) {
                kubernetes.put(pod);
            }
        }
        available(deployment, replicas);
        if (none) {
            flink.crash(namespace, name);
            flink.silent(namespace, name, false);
        }
    }

    private List<ObjectKey> pods(ObjectKey deployment) {
        return kubernetes.peekAll("Pod").stream()
                .filter(pod -> pod.path("metadata").path("namespace").asText().equals(deployment.namespace())
                        && pod.path("metadata")
                                .path("labels")
                                .path("app")
                                .asText()
                                .equals(deployment.name())
                        && pod.path("metadata")
                                .path("labels")
                                .path("component")
                                .asText()
                                .equals("jobmanager"))
                .map(ObjectKey::of)
                .toList();
    }

    /**
     * An image that is called {@code missing}: there is a Deployment, and nothing becomes available. One that is called
     * {@code unpullable} or {@code crashing} has a pod too that says why.
     */
    private boolean neverStarts(ObjectNode deployment, FakeLaunch launch) {
        var image = launch.image();
        if (image.contains("unpullable")) {
            waits(deployment, "ImagePullBackOff", "Back-off pulling image " + image);
        } else if (image.contains("crashing")) {
            waits(deployment, "CrashLoopBackOff", "back-off 5m0s restarting failed container");
        } else if (!image.contains("missing")) {
            return false;
        }
        if (!deployment.path("status").has("conditions")) {
            conditions(deployment, "False", "ReplicaSetUpdated");
            kubernetes.put(deployment);
        }
        return true;
    }

    /** A JobManager's pod that was lost has another in its place, which does not start. */
    public void waits(String namespace, String name, String reason, String message) {
        waits(
                (ObjectNode) kubernetes
                        .peek(new ObjectKey("apps/v1", "Deployment", namespace, name))
                        .orElseThrow(),
                reason,
                message);
    }

    private void waits(ObjectNode deployment, String reason, String message) {
        var key = ObjectKey.of(deployment);
        var pod = pod(key, deployment.path("metadata").path("uid").asText(), 0);
        var container = pod.withObject("/status").withArray("containerStatuses").addObject();
        container.put("name", "flink-main-container");
        container.withObject("/state/waiting").put("reason", reason).put("message", message);
        if (kubernetes.peek(ObjectKey.of(pod)).isEmpty()) {
            kubernetes.put(pod);
        }
    }

    private static ObjectNode pod(ObjectKey key, String uid, int index) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        var meta = pod.withObject("/metadata");
        meta.put("namespace", key.namespace()).put("name", key.name() + "-pod-" + index);
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
        var pods = pods(key);
        pods.stream().findFirst().ifPresent(kubernetes::vanish);
        if (pods.size() > 1) {
            return false;
        }
        stopping.remove(key);
        running.remove(key);
        flink.gone(key.namespace(), key.name());
        return true;
    }
}
