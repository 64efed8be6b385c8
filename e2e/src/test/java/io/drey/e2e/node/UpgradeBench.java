package io.drey.e2e.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * How much longer an upgrade takes under the operator than Flink and Kubernetes themselves need for it. Run by {@code
 * bench/upgrade} on a node of its own.
 *
 * <p>Two clusters of the same job. One has a FlinkDeployment and is upgraded by an edit of it; the other, made of copies of
 * the first one's manifests, is upgraded by this program, which makes the same calls one after the other and looks every 25 ms
 * whether it can go on: the floor. They take turns, each when both jobs have completed some checkpoints. A time is from the
 * edit, or the first call, until the new JobManager says that all tasks are RUNNING: the job itself is called so before it
 * has been given a slot.
 */
final class UpgradeBench {
    private static final int ROUNDS = Integer.getInteger("drey.bench.rounds", 10);
    private static final List<String> MODES = List.of(
            System.getProperty("drey.bench.modes", "savepoint,last-state").split(","));
    private static final String FLINK = System.getProperty("drey.bench.flink", "2.3");
    private static final String NAMESPACE = "default";
    private static final String DREY = "by-drey";
    private static final String FLOOR = "by-hand";
    private static final String LEASE = "control-plane.alpha.kubernetes.io/leader";
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final KubernetesClient kubernetes;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Double> statusLags = new ArrayList<>();
    private int edits;

    private UpgradeBench(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Prints a line for each upgrade, and the medians. */
    public static void main(String[] arguments) throws Exception {
        Counting.installs(FLINK);
        Node.apply(example()).orFail();
        var file = Path.of("/var/lib/drey-kube/kubeconfig");
        try (var kubernetes = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(file.toFile()))
                .build()) {
            var bench = new UpgradeBench(kubernetes);
            bench.awaitStable(1);
            bench.copies();
            for (var mode : MODES) {
                bench.measure(mode);
            }
            print(
                    "status RUNNING and STABLE after all tasks: median %.2f s, longest %.2f s",
                    median(bench.statusLags),
                    bench.statusLags.stream()
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElse(0));
        } finally {
            Node.down();
        }
    }

    private static String example() throws IOException {
        return Files.readString(Node.repository().resolve("examples/counting-job/counting.yaml"))
                .replace("name: counting\n", "name: " + DREY + "\n")
                .replace("/state/ledger", "/state/" + DREY)
                .replace("flink:2.3", "flink:" + FLINK)
                .replace("v2_3", "v" + FLINK.replace('.', '_'));
    }

    private void measure(String mode) throws Exception {
        List<Double> drey = new ArrayList<>();
        List<Double> floor = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            awaitCheckpoints();
            drey.add(byDrey(mode));
            awaitCheckpoints();
            floor.add(mode.equals("savepoint") ? savepointByHand() : lastStateByHand());
            print("%s %d: Drey %.2f s, floor %.2f s", mode, round + 1, drey.getLast(), floor.getLast());
        }
        print(
                "%s: median of %d: Drey %.2f s, floor %.2f s, difference %.2f s",
                mode, ROUNDS, median(drey), median(floor), median(drey) - median(floor));
    }

    private double byDrey(String mode) throws Exception {
        var before = pod(DREY).orElseThrow().getMetadata().getUid();
        edits++;
        long started = System.nanoTime();
        var edited = resource()
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"restartNonce\":" + edits + ",\"job\":{\"upgradeMode\":\"" + mode + "\"}}}");
        awaitRunning(DREY, before);
        double took = seconds(started);
        long running = System.nanoTime();
        awaitStable(edited.getMetadata().getGeneration());
        statusLags.add(seconds(running));
        return took;
    }

    private double savepointByHand() throws Exception {
        long started = System.nanoTime();
        var pod = pod(FLOOR).orElseThrow();
        var job = job(pod).orElseThrow().path("jid").asText();
        var trigger = post(
                        pod,
                        "/jobs/" + job + "/stop",
                        "{\"targetDirectory\":\"file:///state/savepoints\",\"drain\":false,\"formatType\":\"CANONICAL\"}")
                .path("request-id")
                .asText();
        var savepoint = await(() -> Optional.of(get(pod, "/jobs/" + job + "/savepoints/" + trigger))
                        .filter(answer ->
                                answer.path("status").path("id").asText().equals("COMPLETED")))
                .path("operation")
                .path("location")
                .asText();
        var manifests = manifests(FLOOR);
        deletes();
        for (var map : highAvailability()) {
            kubernetes.resource(map).delete();
        }
        for (var manifest : manifests) {
            if (manifest instanceof ConfigMap map && map.getMetadata().getName().startsWith("flink-config-")) {
                restores(map, savepoint);
            }
        }
        creates(manifests);
        awaitRunning(FLOOR, pod.getMetadata().getUid());
        return seconds(started);
    }

    private double lastStateByHand() throws Exception {
        long started = System.nanoTime();
        var pod = pod(FLOOR).orElseThrow();
        var manifests = manifests(FLOOR);
        deletes();
        for (var map : highAvailability()) {
            map.getData().keySet().removeIf(key -> key.startsWith("jobGraph-") || key.startsWith("executionPlan-"));
            var annotations = map.getMetadata().getAnnotations();
            var lease = annotations == null ? null : annotations.get(LEASE);
            if (lease != null) {
                annotations.put(
                        LEASE,
                        ((ObjectNode) JSON.readTree(lease))
                                .put("holderIdentity", "")
                                .toString());
            }
            kubernetes.resource(map).update();
        }
        creates(manifests);
        awaitRunning(FLOOR, pod.getMetadata().getUid());
        return seconds(started);
    }

    private List<ConfigMap> highAvailability() {
        return maps(FLOOR).filter(UpgradeBench::isHighAvailability).toList();
    }

    private Stream<ConfigMap> maps(String cluster) {
        return kubernetes.configMaps().inNamespace(NAMESPACE).withLabel("app", cluster).list().getItems().stream();
    }

    private static boolean isHighAvailability(ConfigMap map) {
        return map.getMetadata().getName().endsWith("-config-map");
    }

    /** No JobManager runs when the first of what they need is deleted, and no TaskManager when the next cluster begins. */
    private void deletes() throws Exception {
        var deployment = kubernetes.apps().deployments().inNamespace(NAMESPACE).withName(FLOOR);
        deployment.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":0}}");
        await(() -> jobManagers(FLOOR).isEmpty() ? Optional.of(true) : Optional.empty());
        deployment.withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
        // What the Deployment owned goes before it; the next one has the same names.
        await(() -> manifests(FLOOR).isEmpty() ? Optional.of(true) : Optional.empty());
    }

    private void restores(ConfigMap map, String savepoint) throws IOException {
        var config = (ObjectNode) YAML.readTree(map.getData().get("config.yaml"));
        ((ObjectNode) config.path("execution")).putObject("state-recovery").put("path", savepoint);
        ((ObjectNode) config.path("$internal").path("pipeline"))
                .put("job-id", UUID.randomUUID().toString().replace("-", ""));
        // What ended there as a job, or an application, of this cluster is not started again.
        for (var store : List.of("job-result-store", "application-result-store")) {
            ((ObjectNode) config.path(store))
                    .put("storage-path", "file:///state/high-availability/" + store + "/" + UUID.randomUUID());
        }
        map.getData().put("config.yaml", YAML.writeValueAsString(config));
    }

    /** The Deployment, and then what it owns; empty once none of them is left. */
    private List<HasMetadata> manifests(String cluster) {
        List<HasMetadata> all = new ArrayList<>();
        Optional.ofNullable(kubernetes
                        .apps()
                        .deployments()
                        .inNamespace(NAMESPACE)
                        .withName(cluster)
                        .get())
                .ifPresent(all::add);
        maps(cluster).filter(map -> !isHighAvailability(map)).forEach(all::add);
        all.addAll(kubernetes
                .services()
                .inNamespace(NAMESPACE)
                .withLabel("app", cluster)
                .list()
                .getItems());
        return all;
    }

    /** The second cluster, of copies of the first one's manifests. */
    private void copies() throws Exception {
        List<HasMetadata> copies = new ArrayList<>();
        for (var manifest : manifests(DREY)) {
            var text = Serialization.asJson(manifest).replace(DREY, FLOOR);
            copies.add(Serialization.unmarshal(text, manifest.getClass()));
        }
        creates(copies);
        awaitRunning(FLOOR, null);
    }

    private void creates(List<HasMetadata> manifests) {
        @Nullable Deployment owner = null;
        for (var manifest : manifests) {
            var old = manifest.getMetadata();
            var metadata = new ObjectMetaBuilder()
                    .withName(old.getName())
                    .withNamespace(NAMESPACE)
                    .withLabels(old.getLabels());
            if (owner != null) {
                metadata.withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("apps/v1")
                        .withKind("Deployment")
                        .withName(owner.getMetadata().getName())
                        .withUid(owner.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build());
            }
            manifest.setMetadata(metadata.build());
            if (manifest instanceof io.fabric8.kubernetes.api.model.Service service
                    && !"None".equals(service.getSpec().getClusterIP())) {
                service.getSpec().setClusterIP(null);
                service.getSpec().setClusterIPs(null);
            }
            var created = kubernetes.resource(manifest).create();
            if (created instanceof Deployment deployment) {
                owner = deployment;
            }
        }
    }

    private List<Pod> jobManagers(String cluster) {
        return kubernetes
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app", cluster)
                .withLabel("component", "jobmanager")
                .list()
                .getItems();
    }

    private Optional<Pod> pod(String cluster) {
        return jobManagers(cluster).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null
                        && pod.getStatus().getPodIP() != null)
                .findFirst();
    }

    private void awaitRunning(String cluster, @Nullable String formerPod) throws Exception {
        await(() -> {
            var pod = pod(cluster).filter(found -> !found.getMetadata().getUid().equals(formerPod));
            return pod.isEmpty() ? Optional.empty() : job(pod.get()).filter(UpgradeBench::allTasksRun);
        });
    }

    /** A job that is still being read has no tasks at all. */
    private static boolean allTasksRun(JsonNode job) {
        int tasks = job.path("tasks").path("total").asInt();
        return job.path("state").asText().equals("RUNNING")
                && tasks > 0
                && job.path("tasks").path("running").asInt() == tasks;
    }

    /** Nothing is on its way up any more. */
    private void awaitCheckpoints() throws Exception {
        awaitCheckpoint(DREY);
        awaitCheckpoint(FLOOR);
    }

    private void awaitCheckpoint(String cluster) throws Exception {
        await(() -> {
            var pod = pod(cluster);
            var job = pod.isEmpty() ? Optional.<JsonNode>empty() : job(pod.get());
            return job.flatMap(listed -> completed(pod.get(), listed.path("jid").asText()))
                    .filter(completed -> completed > 4);
        });
    }

    /** How many checkpoints; for a moment before the first one, Flink answers 500. */
    private Optional<Integer> completed(Pod pod, String job) {
        try {
            return Optional.of(get(pod, "/jobs/" + job + "/checkpoints")
                    .path("counts")
                    .path("completed")
                    .asInt());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void awaitStable(long generation) throws Exception {
        await(() -> {
            var resource = JSON.readTree(Serialization.asJson(resource().get()));
            var status = resource.path("status");
            return status.path("lifecycleState").asText().equals("STABLE")
                            && status.path("jobStatus").path("state").asText().equals("RUNNING")
                            && status.path("observedGeneration").asLong() >= generation
                    ? Optional.of(true)
                    : Optional.empty();
        });
    }

    private Resource<GenericKubernetesResource> resource() {
        return kubernetes
                .genericKubernetesResources("flink.apache.org/v1beta1", "FlinkDeployment")
                .inNamespace(NAMESPACE)
                .withName(DREY);
    }

    private Optional<JsonNode> job(Pod pod) {
        try {
            return Optional.ofNullable(get(pod, "/jobs/overview").path("jobs").get(0));
        } catch (IOException e) {
            return Optional.empty(); // It does not serve yet.
        }
    }

    private JsonNode get(Pod pod, String path) throws IOException {
        return send(request(pod, path).GET());
    }

    private JsonNode post(Pod pod, String path, String body) throws IOException {
        return send(
                request(pod, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(Pod pod, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + pod.getStatus().getPodIP() + ":8081" + path))
                .timeout(Duration.ofSeconds(10));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException {
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IOException(answer.uri() + ": " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Looks often: what is measured is not to wait for the one who measures. */
    private static <T> T await(Callable<Optional<T>> look) {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .atMost(LIMIT)
                .until(look, Optional::isPresent)
                .orElseThrow();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private static void print(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
