package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ResourceMapper;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The heap of the packed operator over 5,000 resources on a real API server, and a relist of all of them. The jobs are
 * suspended, so that no Flink is polled: objects alone take the memory.
 *
 * <p>Not among the tests of every build: {@code bench/scale} runs it by name.
 */
@Timeout(3600)
class ScaleBench {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private static final int RESOURCES = Integer.getInteger("drey.scale", 5_000);

    /** With these the operator is warm: their heap is no part of the measured one. */
    private static final int FEW = Math.min(500, RESOURCES / 2);

    private static final int TASK_MANAGERS = 2;

    /** The limit in the chart's values, KB. */
    private static final int CHART_MEMORY = 1 << 20;

    /** The part of it that the operator's image gives to the heap. */
    private static final String HEAP = "-Xmx" + CHART_MEMORY * 60L / 100 + "k";

    private static final int MOST_BYTES_EACH = 20 << 10;
    private static final String TYPE = "io.drey.spi.resource.FlinkDeployment";

    @TempDir
    private Path folder;

    private final ResourceMapper mapper = new ResourceMapper();
    private String namespace;
    private Fabric8Api api;
    private Process operator;

    @BeforeEach
    void connect() throws IOException {
        namespace = SERVER.namespace();
        api = new Fabric8Api(SERVER.client(), ReadOnlyKind.deployments()::get, Clock.systemUTC());
        Files.writeString(folder.resolve("config.yaml"), """
                kubernetes.operator.health.probe.enabled: false
                kubernetes.operator.watched.namespaces: %s
                """.formatted(namespace));
    }

    @AfterEach
    void stop() throws InterruptedException {
        operator.destroy();
        operator.waitFor();
    }

    @Test
    @DisplayName(
            "a resource of 3 KB with two TaskManagers takes at most 20 KB of heap, and a relist stays within the limit")
    void memory() throws Exception {
        create(0, FEW);
        start();
        long few = atRest(FEW);
        stop();
        create(FEW, RESOURCES);

        long began = System.nanoTime();
        start();
        report("ready after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        long each = (atRest(RESOURCES) - few) / (RESOURCES - FEW);
        report(each + " bytes of heap each, " + few / 1024 + " KB with " + FEW + ", peak of the process "
                + peak() / 1024 + " MB");

        restartApiServer();
        await().atMost(Duration.ofMinutes(5)).ignoreExceptions().until(() -> {
            create(deployment(RESOURCES));
            return true;
        });
        long relisted = (atRest(RESOURCES + 1) - few) / (RESOURCES - FEW);
        report(relisted + " bytes of heap each after a relist, peak of the process " + peak() / 1024 + " MB");
        assertThat(each).isLessThanOrEqualTo(MOST_BYTES_EACH);
        assertThat(relisted).isLessThanOrEqualTo(MOST_BYTES_EACH);
        assertThat(peak()).isLessThan(CHART_MEMORY);
    }

    /**
     * Bytes of heap once the cache has read the resources and the operator is at rest: while passes and reports wait, there are
     * second copies of what was written.
     */
    private long atRest(int count) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> heap().resources() >= count);
        long least = Long.MAX_VALUE;
        for (int steady = 0; steady < 12; steady++) {
            LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
            long now = heap().total();
            if (now < least * 0.99) {
                steady = 0;
            }
            least = Math.min(least, now);
        }
        return least;
    }

    private static void report(String text) {
        System.out.println("scale " + RESOURCES + ": " + text);
    }

    /** The command of this build, or of another one to compare with. */
    private static String drey() {
        var other = System.getProperty("drey.scale.command");
        return other == null ? Distribution.drey().toString() : other;
    }

    private void start() throws IOException {
        var log = folder.resolve("log");
        Files.deleteIfExists(log);
        var builder = new ProcessBuilder(
                        drey(),
                        "operator",
                        "--config",
                        folder.resolve("config.yaml").toString(),
                        "--kubeconfig",
                        SERVER.kubeconfig().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(List.of("FLINK_CONF_DIR", "JAVA_TOOL_OPTIONS"));
        builder.environment().put("JVM_ARGS", HEAP);
        operator = builder.start();
        await().atMost(Duration.ofMinutes(10)).until(() -> {
            var text = Files.readString(log);
            assertThat(operator.isAlive()).as("%s", text).isTrue();
            return text.contains("ready after");
        });
    }

    private record Heap(long total, long resources) {}

    /** A histogram of live objects, after a full collection. */
    private Heap heap() {
        var jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        var lines = Commands.execute(
                        folder,
                        Duration.ofMinutes(2),
                        null,
                        List.of(jcmd, String.valueOf(operator.pid()), "GC.class_histogram"))
                .orFail()
                .output()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .toList();
        long total = 0;
        long resources = 0;
        for (var words : lines) {
            if (words[0].equals("Total")) {
                total = Long.parseLong(words[2]);
            } else if (words.length > 3 && words[3].equals(TYPE)) {
                resources = Long.parseLong(words[1]);
            }
        }
        return new Heap(total, resources);
    }

    /** The largest resident size of the process, KB. */
    private long peak() throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(operator.pid()), "status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** A new API server does not have the versions of before, so every watch lists again. */
    private void restartApiServer() throws IOException {
        var state = SERVER.kubeconfig().getParent();
        var pid = Long.parseLong(
                Files.readString(state.resolve("run/kube-apiserver")).split("\\s+")[0]);
        var apiServer = ProcessHandle.of(pid).orElseThrow();
        apiServer.destroyForcibly();
        apiServer.onExit().join();
        Commands.execute(
                        Commands.repository(),
                        Duration.ofMinutes(5),
                        null,
                        List.of("kube/up", "--control-plane", state.toString()))
                .orFail();
    }

    private static String name(int number) {
        return "job-" + number;
    }

    private void create(int from, int to) throws InterruptedException, ExecutionException {
        List<Future<?>> running = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(16)) {
            IntStream.range(from, to)
                    .forEach(i -> running.add(threads.submit(() -> {
                        create(deployment(i));
                        for (int pod = 1; pod <= TASK_MANAGERS; pod++) {
                            create(pod(i, pod));
                        }
                    })));
        }
        for (var each : running) {
            each.get();
        }
        report("created " + (to - from) + " of " + bytes(deployment(0)) + " bytes, pods of " + bytes(pod(0, 1))
                + " bytes");
    }

    private int bytes(ObjectNode object) {
        return object.toString().length();
    }

    /** Creates the object and its status. */
    private void create(ObjectNode object) {
        api.create(object);
        SERVER.client()
                .genericKubernetesResources(
                        object.path("apiVersion").asText(), object.path("kind").asText())
                .inNamespace(namespace)
                .withName(object.path("metadata").path("name").asText())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + object.path("status") + "}");
    }

    private String environment(int entries) {
        return IntStream.range(0, entries)
                .mapToObj(i ->
                        "{name: SETTING_OF_THE_POD_%d, value: \"a value of some length, number %d\"}".formatted(i, i))
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
    }

    /** 3 KB, with two records of its spec. */
    private ObjectNode deployment(int number) {
        var configuration = IntStream.range(0, 20)
                .mapToObj(i -> "some.option.of-flink.number-%d: \"a value of job %d\"".formatted(i, number))
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        var object = ApiServer.documents("""
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {namespace: %s, name: %s}
                spec:
                  image: registry.example.com/team/flink-job:2.3-%d
                  flinkVersion: v2_3
                  serviceAccount: flink
                  flinkConfiguration: {taskmanager.numberOfTaskSlots: "2", %s}
                  podTemplate: {spec: {containers: [{name: flink-main-container, env: [%s]}]}}
                  jobManager: {resource: {memory: 1g, cpu: 1}}
                  taskManager: {resource: {memory: 1g, cpu: 1}}
                  job: {jarURI: "local:///opt/flink/usrlib/job.jar", parallelism: 4, upgradeMode: stateless, state: suspended}
                """.formatted(namespace, name(number), number, configuration, environment(12)))
                .getFirst();
        var spec = mapper.part(object, "spec", FlinkDeploymentSpec.class);
        var recorded = mapper.writeRecorded(LastReconciledSpec.of(spec, FlinkDeployment.TYPE, false));
        var status = object.putObject("status");
        status.put("lifecycleState", "SUSPENDED").put("jobManagerDeploymentStatus", "MISSING");
        status.put("observedGeneration", 1);
        status.putObject("jobStatus")
                .put("state", "FINISHED")
                .put("jobName", "job")
                .put("jobId", "0".repeat(32));
        status.putObject("reconciliationStatus")
                .put("state", "DEPLOYED")
                .put("reconciliationTimestamp", 1_760_000_000_000L)
                .put("lastReconciledSpec", recorded)
                .put("lastStableSpec", recorded);
        return object;
    }

    /** 8 KB. */
    private ObjectNode pod(int number, int index) {
        var object = ApiServer.documents("""
                apiVersion: v1
                kind: Pod
                metadata:
                  namespace: %s
                  name: %s-taskmanager-1-%d
                  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: %s, uid: 0f0c4b4e-6f4e-4d39-9a52-1f6a4a0d1234, controller: true}]
                spec:
                  containers:
                    - name: flink-main-container
                      image: registry.example.com/team/flink-job:2.3-%d
                      env: [%s]
                status:
                  phase: Running
                  podIP: 10.244.1.7
                  hostIP: 192.168.0.3
                  conditions:
                    - {type: PodReadyToStartContainers, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                    - {type: Initialized, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                    - {type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                    - {type: ContainersReady, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                    - {type: PodScheduled, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                  containerStatuses:
                    - name: flink-main-container
                      ready: true
                      restartCount: 0
                      image: registry.example.com/team/flink-job:2.3-%d
                      imageID: registry.example.com/team/flink-job@sha256:%064d
                      containerID: containerd://%064d
                      state: {running: {startedAt: "2026-01-01T00:00:00Z"}}
                """.formatted(
                        namespace, name(number), index, name(number), number, environment(88), number, number, number))
                .getFirst();
        Map.of("app", name(number), "component", "taskmanager", "type", "flink-native-kubernetes")
                .forEach(object.withObject("/metadata/labels")::put);
        return object;
    }
}
