package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a container asks for and may have: core/v1 {@code ResourceRequirements}. Quantities are text in Kubernetes notation; a number on the wire is read as its text.
 *
 * @param claims claims of dynamic resource allocation
 * @param limits by resource name
 * @param requests by resource name
 * @param unknown fields that this version does not know, kept to be written back
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceRequirements(
        List<ResourceClaim> claims,
        Map<String, String> limits,
        Map<String, String> requests,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public ResourceRequirements {
        claims = Copies.of(claims);
        limits = Copies.of(limits);
        requests = Copies.of(requests);
        unknown = Copies.of(unknown);
    }

    /** Whether it says anything that wins over the deprecated {@code resource}. */
    public boolean hasQuantities() {
        return !limits.isEmpty() || !requests.isEmpty();
    }
}
