package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.e2e.Commands.Result;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code drey plan} and its annotation: the packed operator on a real API server, where nothing runs pods. */
@Timeout(180)
class PlanIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    @TempDir
    private Path folder;

    private String namespace;
    private String url;
    private Process operator;

    @BeforeEach
    void start() throws IOException {
        namespace = SERVER.namespace();
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = "http://localhost:" + port;
        var config = Files.writeString(folder.resolve("config.yaml"), """
            kubernetes.operator.health.probe.enabled: false
            drey.admin.port: %d
            kubernetes.operator.watched.namespaces: %s
            """.formatted(port, namespace));
        var builder = new ProcessBuilder(
                        Distribution.drey().toString(),
                        "operator",
                        "--config",
                        config.toString(),
                        "--kubeconfig",
                        SERVER.kubeconfig().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().keySet().removeAll(List.of("FLINK_CONF_DIR", "JAVA_TOOL_OPTIONS"));
        operator = builder.start();
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(operator.isAlive())
                    .as("%s", Files.readString(folder.resolve("log")))
                    .isTrue();
            return Files.readString(folder.resolve("log")).contains("ready after");
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        operator.destroy();
        operator.waitFor();
    }

    private String manifest(String image, String metadata) {
        return """
            apiVersion: flink.apache.org/v1beta1
            kind: FlinkDeployment
            metadata: {namespace: %s, name: orders%s}
            spec:
              image: %s
              flinkVersion: v1_20
              serviceAccount: flink
              flinkConfiguration: {s3.secret-key: hunter2}
              jobManager: {resource: {memory: 1g, cpu: 1}}
              taskManager: {resource: {memory: 1g, cpu: 1}}
              job: {jarURI: "local:///opt/job.jar", parallelism: 1}
            """.formatted(namespace, metadata, image);
    }

    private Result plan(String manifest, String... more) {
        var words = Stream.concat(
                Stream.of(Distribution.drey().toString(), "plan", "-f", "-", "--url", url), Stream.of(more));
        return Commands.execute(folder, Duration.ofSeconds(60), manifest, words.toList());
    }

    private Resource<GenericKubernetesResource> orders() {
        return SERVER.client()
                .genericKubernetesResources("flink.apache.org/v1beta1", "FlinkDeployment")
                .inNamespace(namespace)
                .withName("orders");
    }

    private void apply(String manifest) {
        SERVER.client().resource(manifest).forceConflicts().serverSideApply();
    }

    private String jobManager() {
        var deployment = SERVER.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("orders")
                .get();
        return deployment == null
                ? "none"
                : deployment.getMetadata().getUid()
                        + (deployment.getMetadata().getDeletionTimestamp() == null ? "" : " leaving");
    }

    private String status(String... path) {
        return String.valueOf(orders().get()
                .<Object>get(Stream.concat(Stream.of("status"), Stream.of(path)).toArray()));
    }

    @Test
    @DisplayName("a plan changes nothing, is carried out as it was shown, and waits for approval where it is asked to")
    void plans() throws Exception {
        var first = plan(manifest("flink:1.20", ""));
        assertThat(first.orFail().output())
                .startsWith("FlinkDeployment " + namespace + "/orders, generation 1: deploy\n")
                .contains("1. create Deployment " + namespace + "/orders\n");
        assertThat(orders().get()).as("it was only planned").isNull();

        apply(manifest("flink:1.20", ""));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> status("jobManagerDeploymentStatus").equals("DEPLOYING"));
        var launched = jobManager();

        var edited = manifest("flink:1.20.1", "").replace("hunter2", "hunter3");
        var json = new ObjectMapper()
                .readTree(plan(edited, "-o", "json").orFail().output())
                .at("/plans/0");
        assertThat(json.path("action").asText()).isEqualTo("REDEPLOY");
        assertThat(json.path("generation").asLong()).isEqualTo(2);
        assertThat(json.path("holds")).isEmpty();
        assertThat(json.path("changes").toString())
                .contains("flink:1.20.1", "flinkConfiguration.s3.secret-key")
                .doesNotContain("hunter");
        assertThat(json.path("steps").findValuesAsText("text"))
                .contains("delete Deployment " + namespace + "/orders, if it is still there");
        assertThat(jobManager()).isEqualTo(launched);
        assertThat(orders().get().getMetadata().getGeneration()).isEqualTo(1);

        apply(manifest("flink:1.20.1", ", annotations: {drey.io/plan: \"true\"}"));
        await().atMost(Duration.ofSeconds(30)).until(() -> status("conditions").contains("drey.io/plan-approved"));
        assertThat(status("conditions")).contains("Plan: redeploy", "delete Deployment " + namespace + "/orders");
        assertThat(status("observedGeneration")).isEqualTo("1");
        assertThat(jobManager()).as("nothing was done").isEqualTo(launched);
        await().until(() -> SERVER.client().v1().events().inNamespace(namespace).list().getItems().stream()
                .anyMatch(event -> event.getReason().equals("Planned")
                        && event.getMessage().contains("delete Deployment")));

        orders().edit(resource -> {
            resource.getMetadata().setAnnotations(Map.of("drey.io/plan", "true", "drey.io/plan-approved", "2"));
            return resource;
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> jobManager().equals(launched + " leaving"));
    }

    @Test
    @DisplayName("what cannot be planned is refused in one line that names the field")
    void refusals() throws Exception {
        var kind = plan(manifest("flink:1.20", "").replace("kind: FlinkDeployment", "kind: FlinkThing"));
        assertThat(kind.code()).isEqualTo(1);
        assertThat(kind.output())
                .contains("kind: found 'FlinkThing', must be one of")
                .hasLineCount(1);
        var field = plan(manifest("flink:1.20", "").replace("parallelism: 1", "parallelism: many"));
        assertThat(field.code()).isEqualTo(1);
        assertThat(field.output()).contains("parallelism").hasLineCount(1);
    }
}
