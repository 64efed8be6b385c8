package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A condition of a resource, as of meta/v1 {@code Condition}.
 *
 * @param type in CamelCase, unique in its list
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason in CamelCase, for machines
 * @param message for people
 * @param lastTransitionTime when {@code status} last changed
 * @param observedGeneration the {@code metadata.generation} that it is about
 * @param unknown fields that this version does not know, kept to be written back
 */
public record Condition(
        String type,
        String status,
        String reason,
        String message,
        Optional<Instant> lastTransitionTime,
        Optional<Long> observedGeneration,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public Condition {
        type = type == null ? "" : type;
        status = status == null ? "Unknown" : status;
        reason = reason == null ? "" : reason;
        message = message == null ? "" : message;
        unknown = Copies.of(unknown);
    }

    /** The same with another {@code lastTransitionTime}. */
    public Condition withLastTransitionTime(Instant lastTransitionTime) {
        return new Condition(
                type, status, reason, message, Optional.of(lastTransitionTime), observedGeneration, unknown);
    }

    /** Whether the status is {@code True}. */
    public boolean holds() {
        return status.equals("True");
    }
}
