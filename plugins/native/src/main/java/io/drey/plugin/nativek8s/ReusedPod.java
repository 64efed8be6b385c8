package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A pod template without the fields that Flink and Kubernetes define for the pods of a launch. Users take a Pod that runs
 * elsewhere for a template, with its name, its namespace and its restart policy: Kubernetes would refuse the pods.
 *
 * <p>Image, command, service account, labels of Flink, cpu and memory need no such care: Flink's own decorators replace
 * them.
 */
final class ReusedPod {
    /** All other metadata says which pod it was. */
    private static final List<String> METADATA = List.of("labels", "annotations", "finalizers");

    /** Names of ports that Flink adds to the main container; Kubernetes refuses a name that is there twice. */
    private static final Set<String> PORTS = Set.of("rest", "jobmanager-rpc", "blobserver", "taskmanager-rpc");

    private ReusedPod() {}

    static ObjectNode asTemplate(JsonNode given) {
        var template = given instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        if (template.path("metadata") instanceof ObjectNode metadata) {
            metadata.retain(METADATA);
        }
        if (template.path("spec") instanceof ObjectNode spec) {
            // Always for JobManagers and Never for TaskManagers.
            spec.remove("restartPolicy");
        }
        for (var container : template.path("spec").path("containers")) {
            if (MainContainer.is(container) && container.path("ports") instanceof ArrayNode ports) {
                ports.removeIf(port -> PORTS.contains(port.path("name").asText()));
            }
        }
        return template;
    }
}
