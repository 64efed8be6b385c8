package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Savepoints of a job. Deprecated in favour of FlinkStateSnapshot, and still kept.
 *
 * @param lastSavepoint the newest
 * @param triggerId of the one in flight
 * @param triggerTimestamp of the one in flight, in epoch milliseconds
 * @param triggerType of the one in flight
 * @param formatType of the one in flight
 * @param savepointHistory those that are not disposed of, oldest first
 * @param lastPeriodicSavepointTimestamp in epoch milliseconds, 0 for never
 * @param unknown fields that this version does not know, kept to be written back
 */
public record SavepointInfo(
        Optional<Savepoint> lastSavepoint,
        Optional<String> triggerId,
        Optional<Long> triggerTimestamp,
        Optional<SnapshotTriggerType> triggerType,
        Optional<SavepointFormatType> formatType,
        List<Savepoint> savepointHistory,
        long lastPeriodicSavepointTimestamp,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** None yet. */
    public static final SavepointInfo EMPTY = new SavepointInfo(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            0,
            Map.of());

    public SavepointInfo {
        savepointHistory = Copies.of(savepointHistory);
        unknown = Copies.of(unknown);
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.lastSavepoint = lastSavepoint;
        builder.triggerId = triggerId;
        builder.triggerTimestamp = triggerTimestamp;
        builder.triggerType = triggerType;
        builder.formatType = formatType;
        builder.savepointHistory = savepointHistory;
        builder.lastPeriodicSavepointTimestamp = lastPeriodicSavepointTimestamp;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private Optional<Savepoint> lastSavepoint = Optional.empty();
        private Optional<String> triggerId = Optional.empty();
        private Optional<Long> triggerTimestamp = Optional.empty();
        private Optional<SnapshotTriggerType> triggerType = Optional.empty();
        private Optional<SavepointFormatType> formatType = Optional.empty();
        private List<Savepoint> savepointHistory = List.of();
        private long lastPeriodicSavepointTimestamp;
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder lastSavepoint(Optional<Savepoint> value) {
            lastSavepoint = value;
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

        public Builder formatType(Optional<SavepointFormatType> value) {
            formatType = value;
            return this;
        }

        public Builder savepointHistory(List<Savepoint> value) {
            savepointHistory = value;
            return this;
        }

        public Builder lastPeriodicSavepointTimestamp(long value) {
            lastPeriodicSavepointTimestamp = value;
            return this;
        }

        public Builder unknown(Map<String, JsonNode> value) {
            unknown = value;
            return this;
        }

        public SavepointInfo build() {
            return new SavepointInfo(
                    lastSavepoint,
                    triggerId,
                    triggerTimestamp,
                    triggerType,
                    formatType,
                    savepointHistory,
                    lastPeriodicSavepointTimestamp,
                    unknown);
        }
    }
}
