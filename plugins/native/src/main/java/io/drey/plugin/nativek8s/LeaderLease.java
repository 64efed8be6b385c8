package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The lease of the JobManager that leads, which Flink keeps in an annotation of a high-availability config map. A JobManager
 * that is told to stop gives it up and, more often than not, takes it again on its way down; the next one then waits until
 * it runs out, 15 s by default.
 */
final class LeaderLease {
    static final String ANNOTATION = "control-plane.alpha.kubernetes.io/leader";

    private static final String HOLDER = "holderIdentity";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LeaderLease() {}

    /** What the annotation says once the lease is given up; empty when nobody holds it, or it is not understood. */
    static Optional<String> givenUp(JsonNode configMap) {
        var record =
                configMap.path("metadata").path("annotations").path(ANNOTATION).asText();
        try {
            return JSON.readTree(record) instanceof ObjectNode lease
                            && !lease.path(HOLDER).asText().isEmpty()
                    ? Optional.of(lease.put(HOLDER, "").toString())
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
