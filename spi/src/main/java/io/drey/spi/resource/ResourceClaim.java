package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * A claim of dynamic resource allocation: core/v1 {@code ResourceClaim}.
 *
 * @param name of an entry of the pod's {@code resourceClaims}
 * @param request of that claim
 * @param unknown fields that this version does not know, kept to be written back
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceClaim(
        Optional<String> name,
        Optional<String> request,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public ResourceClaim {
        unknown = Copies.of(unknown);
    }
}
