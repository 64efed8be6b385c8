package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * A savepoint that was taken.
 *
 * @param timeStamp when it was triggered, in epoch milliseconds
 * @param location where it is
 * @param triggerType why it was taken
 * @param formatType its format
 * @param triggerNonce the nonce that asked for it
 * @param unknown fields that this version does not know, kept to be written back
 */
public record Savepoint(
        long timeStamp,
        Optional<String> location,
        Optional<SnapshotTriggerType> triggerType,
        Optional<SavepointFormatType> formatType,
        Optional<Long> triggerNonce,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public Savepoint {
        unknown = Copies.of(unknown);
    }
}
