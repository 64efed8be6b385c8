package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * How TaskManagers run.
 *
 * @param resource deprecated
 * @param resources wins over {@code resource}
 * @param replicas standalone mode: TaskManagers; native mode starts them as jobs need them
 * @param podTemplate core/v1 Pod of which {@code metadata} and {@code spec} count; not to be changed
 * @param unknown fields that this version does not know, kept to be written back
 */
public record TaskManagerSpec(
        Optional<Resource> resource,
        Optional<ResourceRequirements> resources,
        Optional<Integer> replicas,
        Optional<JsonNode> podTemplate,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** All defaults. */
    public static final TaskManagerSpec EMPTY =
            new TaskManagerSpec(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    public TaskManagerSpec {
        podTemplate = podTemplate.filter(node -> !node.isNull());
        unknown = Copies.of(unknown);
    }

    /** The same with another {@code replicas}. */
    public TaskManagerSpec withReplicas(int replicas) {
        return new TaskManagerSpec(resource, resources, Optional.of(replicas), podTemplate, unknown);
    }

    /** The same with another {@code podTemplate}. */
    public TaskManagerSpec withPodTemplate(JsonNode podTemplate) {
        return new TaskManagerSpec(resource, resources, replicas, Optional.of(podTemplate), unknown);
    }
}
