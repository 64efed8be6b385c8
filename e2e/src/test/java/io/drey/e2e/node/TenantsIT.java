package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.e2e.plugin.OutsideBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two tenants on one operator: one with another version of a plugin than the platform, so another rule, and one without
 * the feature. The same resource is refused for one reason here, for another there, and deployed in the third place.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TenantsIT {
    private static final String NAME = "nobodys";
    private static final List<String> NAMESPACES = List.of("plain", "blue", "verdant");

    /** A kubelet brings a changed ConfigMap to the pods that have it as a volume when it looks after them next. */
    private static final Duration SEEN_WITHIN = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static Path volume;
    private static String resource;

    @BeforeAll
    static void installs() throws IOException {
        var outside = OutsideBuild.in(folder);
        var project = outside.example("custom-plugin");
        resource = Files.readString(project.resolve("job.yaml"));
        Node.fresh();
        Node.images("2.3");
        Node.apply("""
                        apiVersion: v1
                        kind: PersistentVolumeClaim
                        metadata: {name: drey-plugins}
                        spec:
                          accessModes: [ReadWriteOnce]
                          resources: {requests: {storage: 1Gi}}
                        ---
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: plain}
                        ---
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: blue}
                        ---
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: verdant, labels: {team: green}}
                        """).orFail();
        install("");
        var claimed = kubectl("get", "pvc", "drey-plugins", "-o", "jsonpath={.spec.volumeName}");
        volume = Path.of(kubectl("get", "pv", claimed, "-o", "jsonpath={.spec.hostPath.path}"));
        for (var version : List.of("1.0.0", "2.0.0")) {
            outside.maven(project, "package", "-Drevision=" + version);
            Files.copy(project.resolve("target/custom-plugin.jar"), volume.resolve("custom-" + version + ".jar"));
        }
    }

    private static void install(String tenants) throws IOException {
        Node.install("plugins: {volume: {persistentVolumeClaim: {claimName: drey-plugins}}}\n" + tenants);
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.down();
    }

    @Test
    @Order(1)
    void two_versions_that_nobody_asks_for_are_refused_and_the_operator_goes_on() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(kubectl(
                                "get",
                                "events",
                                "--field-selector=reason=PluginsRefused,involvedObject.name=drey",
                                "-o",
                                "jsonpath={.items[*].message}"))
                        .contains("nobody asks for 1.0.0", "let a tenant ask for it"));
        assertThat(kubectl("exec", "deployment/drey", "--", "drey", "plugins")).contains("nobody asks for 1.0.0");
    }

    @Test
    @Order(2)
    void each_tenant_has_its_own_rules() throws IOException {
        install("""
                tenants:
                  namespaceLabels: true
                  settings:
                    tenants:
                      blue:
                        namespaces: ["blue*"]
                        plugins: {custom: {version: 1.0.0}}
                      green:
                        namespaceLabels: {team: green}
                        features: {custom: "off"}
                """);
        await().atMost(SEEN_WITHIN)
                .untilAsserted(() -> assertThat(kubectl("exec", "deployment/drey", "--", "drey", "plugins"))
                        .doesNotContain("nobody asks for"));
        for (var namespace : NAMESPACES) {
            Node.run(Duration.ofSeconds(30), "kube/kubectl", "apply", "-n", namespace, "-f", file().toString())
                    .orFail();
        }

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(error("plain")).contains("metadata.labels.cost-center").doesNotContain("labels.team");
            assertThat(error("blue")).contains("metadata.labels.team").doesNotContain("labels.cost-center");
            assertThat(kubectl("get", "deployment", NAME, "-n", "verdant", "-o", "name"))
                    .contains(NAME);
        });
        assertThat(error("verdant")).doesNotContain("metadata.labels");
    }

    @Test
    @Order(3)
    void who_decided_is_shown() {
        // It has another version, and decided about no feature.
        assertThat(features("blue")).contains("Tenant blue", "custom");
        assertThat(features("verdant")).contains("custom", "off", "tenant green");
        assertThat(kubectl("exec", "deployment/drey", "--", "drey", "plugins"))
                .containsPattern("custom +1\\.0\\.0")
                .containsPattern("custom +2\\.0\\.0");
    }

    /** A label of a namespace makes and unmakes a member, without a restart. */
    @Test
    @Order(4)
    void a_namespace_that_leaves_a_tenant_has_the_platforms_rules() {
        kubectl("label", "namespace", "plain", "team=green");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(kubectl("get", "deployment", NAME, "-n", "plain", "-o", "name"))
                        .contains(NAME));
        // Its pods want an account that is not there.
        assertThat(error("plain")).doesNotContain("metadata.labels");
    }

    private static Path file() throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), resource);
    }

    private static String error(String namespace) {
        return kubectl("get", "flinkdep", NAME, "-n", namespace, "-o", "jsonpath={.status.error}");
    }

    private static String features(String namespace) {
        return kubectl("exec", "deployment/drey", "--", "drey", "features", "FlinkDeployment/" + NAME, "-n", namespace);
    }
}
