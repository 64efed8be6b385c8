package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.core.port.KubernetesError;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrdsIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private final Fabric8Api api = new Fabric8Api(SERVER.client(), ReadOnlyKind.deployments()::get, Clock.systemUTC());

    @Test
    @DisplayName("the API server takes all four CRDs, with their rules")
    void established() {
        assertThat(SERVER.client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .list()
                        .getItems())
                .filteredOn(crd -> crd.getSpec().getGroup().equals("flink.apache.org"))
                .hasSize(4)
                .allSatisfy(crd -> assertThat(crd.getStatus().getConditions())
                        .noneMatch(condition -> condition.getType().equals("NonStructuralSchema")));
    }

    @Test
    @DisplayName("the API server takes every example, and loses no field of it")
    void examples() throws IOException {
        var namespace = SERVER.namespace();
        List<String> taken = new ArrayList<>();
        for (var file : ApiServer.files(ApiServer.project().resolve("examples"))) {
            for (var document : ApiServer.documents(Files.readString(file))) {
                if (document.path("apiVersion").asText().startsWith("flink.apache.org/")) {
                    document.withObject("/metadata").put("namespace", namespace);
                    var created = api.create(document).orElseThrow();
                    assertThat(created.path("spec")).as("%s", file).isEqualTo(document.path("spec"));
                    taken.add(file.getFileName().toString());
                }
            }
        }
        assertThat(taken).isNotEmpty();
    }

    @ParameterizedTest
    @DisplayName("a canary without a spec is taken, and goes when its finalizer does")
    @CsvSource({
        "FlinkDeployment, flinkdeployments.flink.apache.org/finalizer, ''",
        "FlinkDeployment, flinkdeployments.flink.apache.org/finalizer, 'spec: {restartNonce: 1}'",
        "FlinkSessionJob, flinksessionjobs.flink.apache.org/finalizer, ''"
    })
    void canary(String kind, String finalizer, String spec) {
        var canary = ApiServer.documents("""
                        apiVersion: flink.apache.org/v1beta1
                        kind: %s
                        metadata: {namespace: %s, name: canary, labels: {flink.apache.org/canary: 'true'}, finalizers: [%s]}
                        %s
                        """.formatted(kind, SERVER.namespace(), finalizer, spec))
                .getFirst();
        var created = api.create(canary).orElseThrow();
        var key = ObjectKey.of(created);
        api.delete(key, created.at("/metadata/uid").asText(), Propagation.BACKGROUND);
        var version = api.get(key).orElseThrow().at("/metadata/resourceVersion").asText();

        var merge = JsonNodeFactory.instance.objectNode();
        merge.putObject("metadata").putNull("finalizers");
        api.patch(key, version, merge);

        assertThat(api.get(key)).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("the API server takes what the operator's rules take")
    @ValueSource(
            strings = {
                "ingress: {template: '/{{namespace}}/{{name}}(/|$)(.*)'}",
                "job: {jarURI: 'local:///a.jar', parallelism: -1}, taskManager: {replicas: 2}",
                "mode: standalone",
                "flinkConfiguration: {a: {b: 1}}",
                "podTemplate: {spec: {containers: []}}"
            })
    void taken(String spec) {
        var document =
                ApiServer.documents("""
                        apiVersion: flink.apache.org/v1beta1
                        kind: FlinkDeployment
                        metadata: {namespace: %s, name: job}
                        spec: {flinkVersion: v2_3, serviceAccount: flink, %s}
                        """.formatted(SERVER.namespace(), spec)).getFirst();

        assertThat(api.create(document).orElseThrow().path("spec")).isEqualTo(document.path("spec"));
    }

    @Test
    @DisplayName("a field of the wrong form is refused by its name")
    void refused() {
        var namespace = SERVER.namespace();
        var bad = ApiServer.documents("""
                        apiVersion: flink.apache.org/v1beta1
                        kind: FlinkDeployment
                        metadata: {namespace: %s, name: job}
                        spec: {job: {parallelism: many}}
                        """.formatted(namespace)).getFirst();
        assertThatThrownBy(() -> api.create(bad))
                .isInstanceOf(KubernetesError.class)
                .hasMessageContaining("spec.job.parallelism");
    }
}
