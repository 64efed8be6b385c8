package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Asks for a checkpoint. It has no settings: always a full one.
 *
 * @param unknown fields that this version does not know, kept to be written back
 */
public record CheckpointSpec(@JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public CheckpointSpec {
        unknown = Copies.of(unknown);
    }
}
