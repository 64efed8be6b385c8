package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * The resource that a snapshot is taken of, in the same namespace.
 *
 * @param kind of the resource
 * @param name of the resource
 * @param unknown fields that this version does not know, kept to be written back
 */
public record JobReference(
        Optional<JobReferenceKind> kind,
        Optional<String> name,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public JobReference {
        unknown = Copies.of(unknown);
    }
}
