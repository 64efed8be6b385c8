package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted of a pair of clusters of which one is active.
 *
 * @param configuration options {@code kubernetes.operator.bluegreen.*}
 * @param ingress leads to the active one
 * @param template of the children
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkBlueGreenDeploymentSpec(
        Map<String, String> configuration,
        Optional<IngressSpec> ingress,
        Optional<FlinkDeploymentTemplateSpec> template,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public FlinkBlueGreenDeploymentSpec {
        configuration = Copies.of(configuration);
        unknown = Copies.of(unknown);
    }
}
