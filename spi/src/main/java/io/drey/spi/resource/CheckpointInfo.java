package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Checkpoints of a job that were asked for. Deprecated in favour of FlinkStateSnapshot, and still kept.
 *
 * @param lastCheckpoint the newest
 * @param triggerId of the one in flight
 * @param triggerTimestamp of the one in flight, in epoch milliseconds
 * @param triggerType of the one in flight
 * @param formatType of the one in flight
 * @param lastPeriodicCheckpointTimestamp in epoch milliseconds, 0 for never
 * @param unknown fields that this version does not know, kept to be written back
 */
public record CheckpointInfo(
        Optional<Checkpoint> lastCheckpoint,
        Optional<String> triggerId,
        Optional<Long> triggerTimestamp,
        Optional<SnapshotTriggerType> triggerType,
        Optional<CheckpointFormatType> formatType,
        long lastPeriodicCheckpointTimestamp,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** None yet. */
    public static final CheckpointInfo EMPTY = new CheckpointInfo(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0, Map.of());

    public CheckpointInfo {
        unknown = Copies.of(unknown);
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.lastCheckpoint = lastCheckpoint;
        builder.triggerId = triggerId;
        builder.triggerTimestamp = triggerTimestamp;
        builder.triggerType = triggerType;
        builder.formatType = formatType;
        builder.lastPeriodicCheckpointTimestamp = lastPeriodicCheckpointTimestamp;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private Optional<Checkpoint> lastCheckpoint = Optional.empty();
        private Optional<String> triggerId = Optional.empty();
        private Optional<Long> triggerTimestamp = Optional.empty();
        private Optional<SnapshotTriggerType> triggerType = Optional.empty();
        private Optional<CheckpointFormatType> formatType = Optional.empty();
        private long lastPeriodicCheckpointTimestamp;
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder lastCheckpoint(Optional<Checkpoint> value) {
            lastCheckpoint = value;
            return this;
        }

        public Builder triggerId(Optional<String> value) {
            triggerId = value;
            return this;
        }

        public Builder triggerTimestamp(Optional<Long> value) {
            triggerTimestamp = value;
            return this;
        }

        public Builder triggerType(Optional<SnapshotTriggerType> value) {
            triggerType = value;
            return this;
        }

        public Builder formatType(Optional<CheckpointFormatType> value) {
            formatType = value;
            return this;
        }

        public Builder lastPeriodicCheckpointTimestamp(long value) {
            lastPeriodicCheckpointTimestamp = value;
            return this;
        }

        public Builder unknown(Map<String, JsonNode> value) {
            unknown = value;
            return this;
        }

        public CheckpointInfo build() {
            return new CheckpointInfo(
                    lastCheckpoint,
                    triggerId,
                    triggerTimestamp,
                    triggerType,
                    formatType,
                    lastPeriodicCheckpointTimestamp,
                    unknown);
        }
    }
}
