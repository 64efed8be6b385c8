package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a job: {@code status.jobStatus}.
 *
 * @param jobName as the job named itself
 * @param jobId 32 hex digits
 * @param state as Flink last said
 * @param updateTime when {@code state} last changed, in epoch milliseconds, as text
 * @param startTime by Flink's clock in epoch milliseconds, as text
 * @param upgradeSavepointPath what the next launch restores from; {@link #LAST_STATE} if that is high-availability metadata
 * @param savepointInfo savepoints
 * @param checkpointInfo checkpoints
 * @param unknown fields that this version does not know, kept to be written back
 */
public record JobStatus(
        Optional<String> jobName,
        Optional<String> jobId,
        Optional<FlinkJobState> state,
        Optional<String> updateTime,
        Optional<String> startTime,
        Optional<String> upgradeSavepointPath,
        SavepointInfo savepointInfo,
        CheckpointInfo checkpointInfo,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** Stands for a path in {@link #upgradeSavepointPath} after a last-state deployment that found a checkpoint. */
    public static final String LAST_STATE = "KUBERNETES_OPERATOR_LAST_STATE";

    /** Nothing known. */
    public static final JobStatus EMPTY = new JobStatus(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            SavepointInfo.EMPTY,
            CheckpointInfo.EMPTY,
            Map.of());

    public JobStatus {
        savepointInfo = savepointInfo == null ? SavepointInfo.EMPTY : savepointInfo;
        checkpointInfo = checkpointInfo == null ? CheckpointInfo.EMPTY : checkpointInfo;
        unknown = Copies.of(unknown);
    }

    /** When {@link #state} last changed; empty when {@link #updateTime} is not there, or is no time. */
    public Optional<Instant> updatedAt() {
        return updateTime
                .filter(text -> text.matches("\\d{1,18}"))
                .map(text -> Instant.ofEpochMilli(Long.parseLong(text)));
    }

    /** The same with another {@code state}. */
    public JobStatus withState(FlinkJobState state) {
        return toBuilder().state(Optional.of(state)).build();
    }

    /** The same with another {@code upgradeSavepointPath}. */
    public JobStatus withUpgradeSavepointPath(String upgradeSavepointPath) {
        return toBuilder()
                .upgradeSavepointPath(Optional.of(upgradeSavepointPath))
                .build();
    }

    /** The same with another {@code savepointInfo}. */
    public JobStatus withSavepointInfo(SavepointInfo savepointInfo) {
        return toBuilder().savepointInfo(savepointInfo).build();
    }

    /** The same with another {@code checkpointInfo}. */
    public JobStatus withCheckpointInfo(CheckpointInfo checkpointInfo) {
        return toBuilder().checkpointInfo(checkpointInfo).build();
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.jobName = jobName;
        builder.jobId = jobId;
        builder.state = state;
        builder.updateTime = updateTime;
        builder.startTime = startTime;
        builder.upgradeSavepointPath = upgradeSavepointPath;
        builder.savepointInfo = savepointInfo;
        builder.checkpointInfo = checkpointInfo;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private Optional<String> jobName = Optional.empty();
        private Optional<String> jobId = Optional.empty();
        private Optional<FlinkJobState> state = Optional.empty();
        private Optional<String> updateTime = Optional.empty();
        private Optional<String> startTime = Optional.empty();
        private Optional<String> upgradeSavepointPath = Optional.empty();
        private SavepointInfo savepointInfo = SavepointInfo.EMPTY;
        private CheckpointInfo checkpointInfo = CheckpointInfo.EMPTY;
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder jobName(Optional<String> value) {
            jobName = value;
            return this;
        }

        public Builder jobId(Optional<String> value) {
            jobId = value;
            return this;
        }

        public Builder state(Optional<FlinkJobState> value) {
            state = value;
            return this;
        }

        public Builder updateTime(Optional<String> value) {
            updateTime = value;
            return this;
        }

        public Builder startTime(Optional<String> value) {
            startTime = value;
            return this;
        }

        public Builder upgradeSavepointPath(Optional<String> value) {
            upgradeSavepointPath = value;
            return this;
        }

        public Builder savepointInfo(SavepointInfo value) {
            savepointInfo = value;
            return this;
        }

        public Builder checkpointInfo(CheckpointInfo value) {
            checkpointInfo = value;
            return this;
        }

        public Builder unknown(Map<String, JsonNode> value) {
            unknown = value;
            return this;
        }

        public JobStatus build() {
            return new JobStatus(
                    jobName,
                    jobId,
                    state,
                    updateTime,
                    startTime,
                    upgradeSavepointPath,
                    savepointInfo,
                    checkpointInfo,
                    unknown);
        }
    }
}
