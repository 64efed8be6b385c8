package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.cli.Drey;
import io.drey.e2e.waking.WakingPlugin;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code drey plugins check --against-cluster} with the plugins that come along, on a real API server. */
@Timeout(180)
class ClusterCheckIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private Path kubeconfig;
    private String namespace;

    @BeforeEach
    void connect() throws IOException {
        namespace = SERVER.namespace();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), kubeconfig());
        Files.writeString(folder.resolve("config.yaml"), "kubernetes.operator.watched.namespaces: " + namespace + "\n");
    }

    private static String kubeconfig() {
        var config = SERVER.config();
        return """
                apiVersion: v1
                kind: Config
                current-context: nowhere
                clusters:
                - {name: here, cluster: {server: '%s', certificate-authority-data: '%s'}}
                - {name: nowhere, cluster: {server: 'https://localhost:1'}}
                users:
                - {name: admin, user: {client-certificate-data: '%s', client-key-data: '%s'}}
                contexts:
                - {name: here, context: {cluster: here, user: admin}}
                - {name: nowhere, context: {cluster: nowhere, user: admin}}
                """.formatted(
                config.getMasterUrl(), config.getCaCertData(), config.getClientCertData(), config.getClientKeyData());
    }

    private void deployment(String name, String state) {
        var manifest = (ObjectNode) ApiServer.yaml(Commands.repository().resolve("examples/basic.yaml"));
        manifest.withObject("/metadata").put("name", name).put("namespace", namespace);
        manifest.withObject("/spec/job").put("state", state);
        SERVER.client()
                .resource(Serialization.unmarshal(manifest.toString(), GenericKubernetesResource.class))
                .create();
    }

    private String deployments() {
        return SERVER.client()
                .genericKubernetesResources("flink.apache.org/v1beta1", "FlinkDeployment")
                .inNamespace(namespace)
                .list()
                .getItems()
                .toString();
    }

    private Path plugin(String id, Class<?> entry) throws IOException {
        var jar = folder.resolve(id + ".jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Plugin-Id", id);
        manifest.getMainAttributes().putValue("Plugin-Version", "1.0.0");
        var file = entry.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var code = entry.getClassLoader().getResourceAsStream(file)) {
            out.putNextEntry(new JarEntry("META-INF/services/io.drey.spi.FeaturePlugin"));
            out.write(entry.getName().getBytes());
            out.closeEntry();
            out.putNextEntry(new JarEntry(file));
            code.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    private Commands.Result check(Path jar, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Drey.class.getName(),
                "plugins",
                "check",
                jar.toString(),
                "--config",
                folder.resolve("config.yaml").toString(),
                "--plugins",
                Commands.repository()
                        .resolve("distribution/plugins/target/classes/plugins")
                        .toString()));
        command.addAll(List.of(more));
        return Commands.execute(folder, LIMIT, null, command);
    }

    private String[] here(String... more) {
        List<String> options = new ArrayList<>(
                List.of("--against-cluster", "--kubeconfig", kubeconfig.toString(), "--context", "here"));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    @Test
    void whatWouldStartByItselfIsShownAndNothingIsWritten() throws Exception {
        deployment("asleep", "suspended");
        deployment("new", "running");
        var before = deployments();
        var jar = plugin("waking", WakingPlugin.class);

        assertThat(check(jar).code()).as("without a cluster it fits").isZero();
        var shown = check(jar, here());

        assertThat(shown.code()).as(shown.output()).isEqualTo(1);
        assertThat(shown.output())
                .contains("plugin waking 1.0.0 fits", "for what would happen to 1 of 2 resource(s)")
                .containsPattern("NAMESPACE +KIND +NAME +EFFECT +DETAIL\n" + namespace
                        + " +FlinkDeployment +asleep +OPERATION_STARTED +CREATE\n");
        JsonNode json =
                new ObjectMapper().readTree(check(jar, here("-o", "json")).output());
        assertThat(json.path("fit").asBoolean()).isFalse();
        assertThat(json.at("/problems").size()).isZero();
        assertThat(json.at("/cluster/resources").asInt()).isEqualTo(2);
        assertThat(json.at("/cluster/findings")).hasSize(1);
        assertThat(json.at("/cluster/findings/0/effect").asText()).isEqualTo("OPERATION_STARTED");
        assertThat(json.at("/cluster/findings/0/resource/name").asText()).isEqualTo("asleep");
        assertThat(deployments()).isEqualTo(before);
    }

    @Test
    void aJarThatChangesNothingFits() throws Exception {
        deployment("new", "running");

        var shown = check(plugin("waking", WakingPlugin.class), here());

        assertThat(shown.code()).as(shown.output()).isZero();
        assertThat(shown.output()).contains("Nothing would start by itself: 1 resource(s) looked at");
    }

    @Test
    void whatCannotBeCheckedIsSaidInALine() throws Exception {
        var jar = plugin("waking", WakingPlugin.class);

        var away = check(jar, "--against-cluster", "--kubeconfig", kubeconfig.toString());
        assertThat(away.code()).isEqualTo(1);
        assertThat(away.output()).startsWith("drey: ").contains("localhost:1");
        var unknown = check(jar, "--against-cluster", "--kubeconfig", kubeconfig.toString(), "--context", "there");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.output()).contains("--context: the kubeconfig has no context there");
        assertThat(check(jar, "--context", "here").output()).contains("--against-cluster, which is not given");
    }
}
