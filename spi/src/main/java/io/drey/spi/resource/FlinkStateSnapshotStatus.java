package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a FlinkStateSnapshot.
 *
 * @param state trigger pending unless given
 * @param triggerId by which Flink knows it
 * @param triggerTimestamp when it was asked for, in whole seconds
 * @param resultTimestamp when it ended, in whole seconds
 * @param path of the result
 * @param error a JSON document, or plain text when it was abandoned
 * @param failures attempts that failed
 * @param conditions one for each type
 * @param plugins what plugins remember, by plugin id
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkStateSnapshotStatus(
        SnapshotState state,
        Optional<String> triggerId,
        Optional<Instant> triggerTimestamp,
        Optional<Instant> resultTimestamp,
        Optional<String> path,
        Optional<String> error,
        int failures,
        List<Condition> conditions,
        Map<String, JsonNode> plugins,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** Not asked for yet. */
    public static final FlinkStateSnapshotStatus EMPTY = new FlinkStateSnapshotStatus(
            SnapshotState.TRIGGER_PENDING,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            List.of(),
            Map.of(),
            Map.of());

    public FlinkStateSnapshotStatus {
        state = state == null ? SnapshotState.TRIGGER_PENDING : state;
        conditions = Copies.of(conditions);
        plugins = Copies.of(plugins);
        unknown = Copies.of(unknown);
        triggerTimestamp = triggerTimestamp.map(time -> time.truncatedTo(ChronoUnit.SECONDS));
        resultTimestamp = resultTimestamp.map(time -> time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.state = state;
        builder.triggerId = triggerId;
        builder.triggerTimestamp = triggerTimestamp;
        builder.resultTimestamp = resultTimestamp;
        builder.path = path;
        builder.error = error;
        builder.failures = failures;
        builder.conditions = conditions;
        builder.plugins = plugins;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private SnapshotState state = SnapshotState.TRIGGER_PENDING;
        private Optional<String> triggerId = Optional.empty();
        private Optional<Instant> triggerTimestamp = Optional.empty();
        private Optional<Instant> resultTimestamp = Optional.empty();
        private Optional<String> path = Optional.empty();
        private Optional<String> error = Optional.empty();
        private int failures;
        private List<Condition> conditions = List.of();
        private Map<String, JsonNode> plugins = Map.of();
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder state(SnapshotState value) {
            state = value;
            return this;
        }

        public Builder triggerId(Optional<String> value) {
            triggerId = value;
            return this;
        }

        public Builder triggerTimestamp(Optional<Instant> value) {
            triggerTimestamp = value;
            return this;
        }

        public Builder resultTimestamp(Optional<Instant> value) {
            resultTimestamp = value;
            return this;
        }

        public Builder path(Optional<String> value) {
            path = value;
            return this;
        }

        public Builder error(Optional<String> value) {
            error = value;
            return this;
        }

        public Builder failures(int value) {
            failures = value;
            return this;
        }

        public Builder conditions(List<Condition> value) {
            conditions = value;
            return this;
        }

        public Builder plugins(Map<String, JsonNode> value) {
            plugins = value;
            return this;
        }

        public Builder unknown(Map<String, JsonNode> value) {
            unknown = value;
            return this;
        }

        public FlinkStateSnapshotStatus build() {
            return new FlinkStateSnapshotStatus(
                    state,
                    triggerId,
                    triggerTimestamp,
                    resultTimestamp,
                    path,
                    error,
                    failures,
                    conditions,
                    plugins,
                    unknown);
        }
    }
}
