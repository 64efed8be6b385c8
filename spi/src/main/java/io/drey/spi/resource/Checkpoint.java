package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint that was asked for.
 *
 * @param timeStamp when it was triggered, in epoch milliseconds
 * @param triggerType why it was taken
 * @param formatType full or incremental
 * @param triggerNonce the nonce that asked for it
 * @param unknown fields that this version does not know, kept to be written back
 */
public record Checkpoint(
        long timeStamp,
        Optional<SnapshotTriggerType> triggerType,
        Optional<CheckpointFormatType> formatType,
        Optional<Long> triggerNonce,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public Checkpoint {
        unknown = Copies.of(unknown);
    }
}
