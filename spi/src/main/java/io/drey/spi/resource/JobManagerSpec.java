package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * How JobManagers run.
 *
 * @param resource deprecated
 * @param resources wins over {@code resource}
 * @param replicas JobManagers, more than one only with high availability; 1 unless given
 * @param podTemplate core/v1 Pod of which {@code metadata} and {@code spec} count; not to be changed
 * @param unknown fields that this version does not know, kept to be written back
 */
public record JobManagerSpec(
        Optional<Resource> resource,
        Optional<ResourceRequirements> resources,
        Integer replicas,
        Optional<JsonNode> podTemplate,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** All defaults. */
    public static final JobManagerSpec EMPTY =
            new JobManagerSpec(Optional.empty(), Optional.empty(), 1, Optional.empty(), Map.of());

    public JobManagerSpec {
        replicas = replicas == null ? 1 : replicas;
        podTemplate = podTemplate.filter(node -> !node.isNull());
        unknown = Copies.of(unknown);
    }

    /** The same with another {@code podTemplate}. */
    public JobManagerSpec withPodTemplate(JsonNode podTemplate) {
        return new JobManagerSpec(resource, resources, replicas, Optional.of(podTemplate), unknown);
    }
}
