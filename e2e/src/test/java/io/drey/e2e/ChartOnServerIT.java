package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart on a real API server, which checks all that it is given and runs nothing. */
class ChartOnServerIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private static final int COMBINATIONS = 30;

    @TempDir
    private Path folder;

    private Chart chart;

    @BeforeAll
    static void namespaces() {
        for (var name : PlausibleValues.NAMESPACES) {
            try {
                SERVER.client()
                        .resource(new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                        .create();
            } catch (KubernetesClientException e) {
                assertThat(e.getCode()).as(e.getMessage()).isEqualTo(409);
            }
        }
    }

    @BeforeEach
    void folder() {
        chart = new Chart(folder);
    }

    static IntStream seeds() {
        return IntStream.range(0, COMBINATIONS);
    }

    private static String kubectl(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ApiServer.project().resolve("kube/kubectl").toString(),
                "--kubeconfig",
                SERVER.kubeconfig().toString()));
        command.addAll(Arrays.asList(arguments));
        var result = Commands.execute(ApiServer.project(), Duration.ofMinutes(1), input, command);
        assertThat(result.code()).as("%s%n%s", result.output(), input).isZero();
        return result.output();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void an_api_server_would_take_plausible_values(int seed) throws Exception {
        var values = Chart.YAML.writeValueAsString(PlausibleValues.of(seed));
        var manifests = chart.renderAs(PlausibleValues.release(seed), PlausibleValues.namespace(seed), values)
                .orFail()
                .output();

        kubectl(manifests, "apply", "--server-side", "--dry-run=server", "--validate=strict", "--filename", "-");
    }

    private String helm(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(Arrays.asList(arguments));
        command.addAll(
                List.of("--skip-crds", "--kubeconfig", SERVER.kubeconfig().toString()));
        return Chart.helm(command.toArray(String[]::new)).orFail().output();
    }

    private static Deployment deployment(String namespace, String name) {
        return SERVER.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private static List<String> clusterRoles(String release) {
        return SERVER
                .client()
                .rbac()
                .clusterRoles()
                .withLabel("app.kubernetes.io/instance", release)
                .list()
                .getItems()
                .stream()
                .map(role -> role.getMetadata().getName())
                .toList();
    }

    @Test
    void several_releases_are_installed_into_one_namespace_and_uninstalled() throws Exception {
        var namespace = SERVER.namespace();
        var first = "drey";
        var second = "other";

        helm("install", first, "helm/drey", "--namespace", namespace);
        helm("install", second, "helm/drey", "--namespace", namespace);
        assertThat(deployment(namespace, "drey")).isNotNull();
        assertThat(deployment(namespace, second + "-drey")).isNotNull();
        helm("upgrade", second, "helm/drey", "--namespace", namespace, "--set", "operatorPod.labels.a=1");

        Chart.helm(
                        "uninstall",
                        first,
                        "--namespace",
                        namespace,
                        "--kubeconfig",
                        SERVER.kubeconfig().toString())
                .orFail();
        assertThat(deployment(namespace, "drey")).isNull();
        assertThat(deployment(namespace, second + "-drey")).isNotNull();
        assertThat(SERVER.client()
                        .serviceAccounts()
                        .inNamespace(namespace)
                        .withName("flink")
                        .get())
                .as("jobs go on")
                .isNotNull();
        assertThat(clusterRoles(second)).containsExactly("flink-operator." + namespace + "." + second);
        assertThat(clusterRoles(first)).isEmpty();
    }

    @Test
    void a_release_with_names_from_before_is_upgraded_without_a_second_deployment() throws Exception {
        var namespace = SERVER.namespace();
        var release = "r" + namespace;
        var old = """
                nameOverride: drey
                rbac:
                  operatorRole: {name: OLD}
                  operatorRoleBinding: {name: OLD-binding}
                operatorServiceAccount: {name: flink-operator}
                """.replace("OLD", "old-" + namespace);
        helm("install", release, "helm/drey", "--namespace", namespace, "--values", chart.file(old));
        var before = deployment(namespace, "drey").getMetadata().getUid();

        helm("upgrade", release, "helm/drey", "--namespace", namespace, "--reset-values");

        assertThat(deployment(namespace, "drey").getMetadata().getUid()).isEqualTo(before);
        assertThat(deployment(namespace, release + "-drey")).isNull();
        assertThat(clusterRoles(release)).containsExactly("flink-operator." + namespace + "." + release);
        helm("upgrade", release, "helm/drey", "--namespace", namespace, "--reuse-values", "--set", "replicas=0");
        assertThat(deployment(namespace, "drey").getSpec().getReplicas()).isZero();
    }
}
