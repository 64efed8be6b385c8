package io.drey.core.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.resource.FlinkDeployment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Flink clusters use of a storage.
 *
 * @param resultStores {@code cluster/directory} of each launch whose objects are there
 * @param busy names of clusters that something is being done about
 */
public record ClustersInUse(Set<String> resultStores, Set<String> busy) {
    /** However a configuration file is written, it has the whole path in one line. */
    private static final Pattern RESULT_STORE = Pattern.compile("job-result-store/([^/\\s'\"]+/[^/\\s'\"]+)");

    public ClustersInUse {
        resultStores = Set.copyOf(resultStores);
        busy = Set.copyOf(busy);
    }

    /**
     * What all clusters use that the API server knows of.
     *
     * @throws IllegalStateException with what to do about it, when it does not tell
     */
    public static ClustersInUse read(KubernetesClient client) {
        try {
            return of(
                    nodes(client.genericKubernetesResources("v1", "ConfigMap")
                            .inAnyNamespace()
                            .withLabel("type", "flink-native-kubernetes")
                            .list()),
                    nodes(client.genericKubernetesResources(
                                    FlinkDeployment.TYPE.apiVersion(), FlinkDeployment.TYPE.kind())
                            .inAnyNamespace()
                            .list()));
        } catch (KubernetesClientException e) {
            throw new IllegalStateException(
                    "what is in use cannot be read from the API server, so nothing is removed: " + e.getMessage()
                            + ". It takes a kubeconfig or service account that may list configmaps and flinkdeployments"
                            + " in all namespaces",
                    e);
        }
    }

    private static List<JsonNode> nodes(GenericKubernetesResourceList list) {
        var mapper = new ObjectMapper();
        return list.getItems().stream().<JsonNode>map(mapper::valueToTree).toList();
    }

    /**
     * @param configMaps all that launches have made: the configuration of a launch lives as long as its JobManagers
     * @param deployments all FlinkDeployments
     */
    public static ClustersInUse of(List<JsonNode> configMaps, List<JsonNode> deployments) {
        Set<String> resultStores = new HashSet<>();
        for (var configMap : configMaps) {
            for (var file : configMap.path("data")) {
                RESULT_STORE.matcher(file.asText()).results().forEach(found -> resultStores.add(found.group(1)));
            }
        }
        Set<String> busy = new HashSet<>();
        for (var deployment : deployments) {
            if (deployment.path("status").path("operation").isObject()) {
                busy.add(deployment.path("metadata").path("name").asText());
            }
        }
        return new ClustersInUse(resultStores, busy);
    }
}
