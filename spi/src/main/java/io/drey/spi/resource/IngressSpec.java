package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ingress to a JobManager's REST API and web page.
 *
 * @param template host and path with {@code {{name}}} and {@code {{namespace}}}
 * @param className ingress class
 * @param annotations of the ingress
 * @param labels of the ingress
 * @param tls certificates
 * @param unknown fields that this version does not know, kept to be written back
 */
public record IngressSpec(
        Optional<String> template,
        Optional<String> className,
        Optional<Map<String, String>> annotations,
        Optional<Map<String, String>> labels,
        Optional<List<IngressTls>> tls,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public IngressSpec {
        annotations = annotations.map(Copies::of);
        labels = labels.map(Copies::of);
        tls = tls.map(Copies::of);
        unknown = Copies.of(unknown);
    }
}
