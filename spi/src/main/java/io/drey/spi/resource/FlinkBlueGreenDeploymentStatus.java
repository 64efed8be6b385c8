package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a FlinkBlueGreenDeployment. A time of {@link Instant#EPOCH} means that it is not set.
 *
 * @param jobStatus only {@code state} is kept
 * @param blueGreenState where it is
 * @param lastReconciledSpec the recorded spec, see {@link LastReconciledSpec}
 * @param lastReconciledTimestamp when it was recorded
 * @param abortTimestamp when the transition is given up
 * @param deploymentReadyTimestamp when the new child was first ready
 * @param savepointTriggerId of the savepoint in flight
 * @param error plain text
 * @param conditions one for each type
 * @param plugins what plugins remember, by plugin id
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkBlueGreenDeploymentStatus(
        JobStatus jobStatus,
        Optional<BlueGreenState> blueGreenState,
        Optional<String> lastReconciledSpec,
        Instant lastReconciledTimestamp,
        Instant abortTimestamp,
        Instant deploymentReadyTimestamp,
        Optional<String> savepointTriggerId,
        Optional<String> error,
        List<Condition> conditions,
        Map<String, JsonNode> plugins,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** Nothing known. */
    public static final FlinkBlueGreenDeploymentStatus EMPTY = new FlinkBlueGreenDeploymentStatus(
            JobStatus.EMPTY,
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            Map.of());

    public FlinkBlueGreenDeploymentStatus {
        jobStatus = jobStatus == null ? JobStatus.EMPTY : jobStatus;
        lastReconciledTimestamp = lastReconciledTimestamp == null ? Instant.EPOCH : lastReconciledTimestamp;
        abortTimestamp = abortTimestamp == null ? Instant.EPOCH : abortTimestamp;
        deploymentReadyTimestamp = deploymentReadyTimestamp == null ? Instant.EPOCH : deploymentReadyTimestamp;
        conditions = Copies.of(conditions);
        plugins = Copies.of(plugins);
        unknown = Copies.of(unknown);
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.jobStatus = jobStatus;
        builder.blueGreenState = blueGreenState;
        builder.lastReconciledSpec = lastReconciledSpec;
        builder.lastReconciledTimestamp = lastReconciledTimestamp;
        builder.abortTimestamp = abortTimestamp;
        builder.deploymentReadyTimestamp = deploymentReadyTimestamp;
        builder.savepointTriggerId = savepointTriggerId;
        builder.error = error;
        builder.conditions = conditions;
        builder.plugins = plugins;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private JobStatus jobStatus = JobStatus.EMPTY;
        private Optional<BlueGreenState> blueGreenState = Optional.empty();
        private Optional<String> lastReconciledSpec = Optional.empty();
        private Instant lastReconciledTimestamp = Instant.EPOCH;
        private Instant abortTimestamp = Instant.EPOCH;
        private Instant deploymentReadyTimestamp = Instant.EPOCH;
        private Optional<String> savepointTriggerId = Optional.empty();
        private Optional<String> error = Optional.empty();
        private List<Condition> conditions = List.of();
        private Map<String, JsonNode> plugins = Map.of();
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder jobStatus(JobStatus value) {
            jobStatus = value;
            return this;
        }

        public Builder blueGreenState(Optional<BlueGreenState> value) {
            blueGreenState = value;
            return this;
        }

        public Builder lastReconciledSpec(Optional<String> value) {
            lastReconciledSpec = value;
            return this;
        }

        public Builder lastReconciledTimestamp(Instant value) {
            lastReconciledTimestamp = value;
            return this;
        }

        public Builder abortTimestamp(Instant value) {
            abortTimestamp = value;
            return this;
        }

        public Builder deploymentReadyTimestamp(Instant value) {
            deploymentReadyTimestamp = value;
            return this;
        }

        public Builder savepointTriggerId(Optional<String> value) {
            savepointTriggerId = value;
            return this;
        }

        public Builder error(Optional<String> value) {
            error = value;
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

        public FlinkBlueGreenDeploymentStatus build() {
            return new FlinkBlueGreenDeploymentStatus(
                    jobStatus,
                    blueGreenState,
                    lastReconciledSpec,
                    lastReconciledTimestamp,
                    abortTimestamp,
                    deploymentReadyTimestamp,
                    savepointTriggerId,
                    error,
                    conditions,
                    plugins,
                    unknown);
        }
    }
}
