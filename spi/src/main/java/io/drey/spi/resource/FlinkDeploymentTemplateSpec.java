package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What each of the two children of a blue/green deployment is made from.
 *
 * @param metadata never read
 * @param spec of the children
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkDeploymentTemplateSpec(
        Optional<JsonNode> metadata,
        Optional<FlinkDeploymentSpec> spec,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public FlinkDeploymentTemplateSpec {
        metadata = metadata.filter(node -> !node.isNull());
        unknown = Copies.of(unknown);
    }
}
