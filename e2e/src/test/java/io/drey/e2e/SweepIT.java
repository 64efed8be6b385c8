package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.core.sweep.ClustersInUse;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code drey sweep} takes for used, as a real API server tells it. */
@Timeout(60)
class SweepIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private static void create(KubernetesClient client, String yaml) {
        client.resource(yaml).create();
    }

    @Test
    void configurations_of_launches_in_all_namespaces_count_and_operations_under_way() {
        var client = SERVER.client();
        var one = SERVER.namespace();
        var other = SERVER.namespace();
        create(client, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {namespace: %s, name: flink-config-orders, labels: {app: orders, type: flink-native-kubernetes}}
                data:
                  config.yaml: |
                    job-result-store:
                      storage-path: s3://b/ha/job-result-store/orders/00000000-0000-0000-0000-000000000001
                """.formatted(one));
        create(client, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {namespace: %s, name: flink-config-old, labels: {app: old, type: flink-native-kubernetes}}
                data:
                  flink-conf.yaml: |
                    job-result-store.storage-path: file:/ha/job-result-store/old/00000000-0000-0000-0000-000000000002
                    x: y
                """.formatted(other));
        create(client, """
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {namespace: %s, name: busy}
                spec: {image: flink:2.3, flinkVersion: v2_3, serviceAccount: flink, jobManager: {}, taskManager: {}}
                """.formatted(other));
        client.genericKubernetesResources("flink.apache.org/v1beta1", "FlinkDeployment")
                .inNamespace(other)
                .withName("busy")
                .editStatus(resource -> {
                    resource.setAdditionalProperty("status", Map.of("operation", Map.of("id", "1")));
                    return resource;
                });

        var used = ClustersInUse.read(client);

        assertThat(used.resultStores())
                .contains("orders/00000000-0000-0000-0000-000000000001", "old/00000000-0000-0000-0000-000000000002");
        assertThat(used.busy()).contains("busy");
    }

    @Test
    void an_api_server_that_does_not_tell_is_an_error_and_not_an_empty_answer() {
        var nowhere = new ConfigBuilder()
                .withMasterUrl("https://127.0.0.1:1")
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(500)
                .build();
        try (var client = new KubernetesClientBuilder().withConfig(nowhere).build()) {
            assertThatThrownBy(() -> ClustersInUse.read(client))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("so nothing is removed")
                    .hasMessageContaining("may list configmaps and flinkdeployments");
        }
    }
}
