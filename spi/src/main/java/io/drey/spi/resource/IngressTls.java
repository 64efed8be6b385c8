package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hosts with a certificate: networking/v1 {@code IngressTLS}.
 *
 * @param hosts covered by the certificate
 * @param secretName holds the certificate
 * @param unknown fields that this version does not know, kept to be written back
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IngressTls(
        List<String> hosts,
        Optional<String> secretName,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public IngressTls {
        hosts = Copies.of(hosts);
        unknown = Copies.of(unknown);
    }
}
