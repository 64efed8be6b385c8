package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Flink job: {@code spec.job} of a FlinkDeployment or FlinkSessionJob.
 *
 * @param jarURI application: a path in the image, {@code local:///...}; session job: fetched and uploaded
 * @param parallelism 0 leaves it to Flink's configuration
 * @param entryClass main class, if the jar's manifest does not name it
 * @param args of the main class
 * @param state what the user wants; running unless given
 * @param savepointTriggerNonce deprecated: a new value asks for a savepoint
 * @param initialSavepointPath what the first deployment, and a savepoint redeploy, start from
 * @param checkpointTriggerNonce deprecated: a new value asks for a checkpoint
 * @param upgradeMode how state is carried over a change; stateless unless given
 * @param allowNonRestoredState whether state that no operator takes may be dropped
 * @param savepointRedeployNonce a new value throws the running job away and starts from {@code initialSavepointPath}
 * @param autoscalerResetNonce a new value makes the autoscaler forget what it knows of the job
 * @param unknown fields that this version does not know, kept to be written back
 */
public record JobSpec(
        Optional<String> jarURI,
        int parallelism,
        Optional<String> entryClass,
        List<String> args,
        JobState state,
        Optional<Long> savepointTriggerNonce,
        Optional<String> initialSavepointPath,
        Optional<Long> checkpointTriggerNonce,
        UpgradeMode upgradeMode,
        Optional<Boolean> allowNonRestoredState,
        Optional<Long> savepointRedeployNonce,
        Optional<Long> autoscalerResetNonce,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** All defaults. */
    public static final JobSpec EMPTY = new JobSpec(
            Optional.empty(),
            0,
            Optional.empty(),
            List.of(),
            JobState.RUNNING,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            UpgradeMode.STATELESS,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());

    public JobSpec {
        args = Copies.of(args);
        state = state == null ? JobState.RUNNING : state;
        upgradeMode = upgradeMode == null ? UpgradeMode.STATELESS : upgradeMode;
        unknown = Copies.of(unknown);
    }

    /** The same with another {@code parallelism}. */
    public JobSpec withParallelism(int parallelism) {
        return toBuilder().parallelism(parallelism).build();
    }

    /** The same with another {@code state}. */
    public JobSpec withState(JobState state) {
        return toBuilder().state(state).build();
    }

    /** The same with another {@code initialSavepointPath}. */
    public JobSpec withInitialSavepointPath(String initialSavepointPath) {
        return toBuilder()
                .initialSavepointPath(Optional.of(initialSavepointPath))
                .build();
    }

    /** The same with another {@code upgradeMode}. */
    public JobSpec withUpgradeMode(UpgradeMode upgradeMode) {
        return toBuilder().upgradeMode(upgradeMode).build();
    }

    /** The same with another {@code savepointTriggerNonce}. */
    public JobSpec withSavepointTriggerNonce(long savepointTriggerNonce) {
        return toBuilder()
                .savepointTriggerNonce(Optional.of(savepointTriggerNonce))
                .build();
    }

    /** The same with another {@code checkpointTriggerNonce}. */
    public JobSpec withCheckpointTriggerNonce(long checkpointTriggerNonce) {
        return toBuilder()
                .checkpointTriggerNonce(Optional.of(checkpointTriggerNonce))
                .build();
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.jarURI = jarURI;
        builder.parallelism = parallelism;
        builder.entryClass = entryClass;
        builder.args = args;
        builder.state = state;
        builder.savepointTriggerNonce = savepointTriggerNonce;
        builder.initialSavepointPath = initialSavepointPath;
        builder.checkpointTriggerNonce = checkpointTriggerNonce;
        builder.upgradeMode = upgradeMode;
        builder.allowNonRestoredState = allowNonRestoredState;
        builder.savepointRedeployNonce = savepointRedeployNonce;
        builder.autoscalerResetNonce = autoscalerResetNonce;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private Optional<String> jarURI = Optional.empty();
        private int parallelism;
        private Optional<String> entryClass = Optional.empty();
        private List<String> args = List.of();
        private JobState state = JobState.RUNNING;
        private Optional<Long> savepointTriggerNonce = Optional.empty();
        private Optional<String> initialSavepointPath = Optional.empty();
        private Optional<Long> checkpointTriggerNonce = Optional.empty();
        private UpgradeMode upgradeMode = UpgradeMode.STATELESS;
        private Optional<Boolean> allowNonRestoredState = Optional.empty();
        private Optional<Long> savepointRedeployNonce = Optional.empty();
        private Optional<Long> autoscalerResetNonce = Optional.empty();
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder jarURI(Optional<String> value) {
            jarURI = value;
            return this;
        }

        public Builder parallelism(int value) {
            parallelism = value;
            return this;
        }

        public Builder entryClass(Optional<String> value) {
            entryClass = value;
            return this;
        }

        public Builder args(List<String> value) {
            args = value;
            return this;
        }

        public Builder state(JobState value) {
            state = value;
            return this;
        }

        public Builder savepointTriggerNonce(Optional<Long> value) {
            savepointTriggerNonce = value;
            return this;
        }

        public Builder initialSavepointPath(Optional<String> value) {
            initialSavepointPath = value;
            return this;
        }

        public Builder checkpointTriggerNonce(Optional<Long> value) {
            checkpointTriggerNonce = value;
            return this;
        }

        public Builder upgradeMode(UpgradeMode value) {
            upgradeMode = value;
            return this;
        }

        public Builder allowNonRestoredState(Optional<Boolean> value) {
            allowNonRestoredState = value;
            return this;
        }

        public Builder savepointRedeployNonce(Optional<Long> value) {
            savepointRedeployNonce = value;
            return this;
        }

        public Builder autoscalerResetNonce(Optional<Long> value) {
            autoscalerResetNonce = value;
            return this;
        }

        public Builder unknown(Map<String, JsonNode> value) {
            unknown = value;
            return this;
        }

        public JobSpec build() {
            return new JobSpec(
                    jarURI,
                    parallelism,
                    entryClass,
                    args,
                    state,
                    savepointTriggerNonce,
                    initialSavepointPath,
                    checkpointTriggerNonce,
                    upgradeMode,
                    allowNonRestoredState,
                    savepointRedeployNonce,
                    autoscalerResetNonce,
                    unknown);
        }
    }
}
