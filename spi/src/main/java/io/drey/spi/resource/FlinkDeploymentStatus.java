package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a FlinkDeployment.
 *
 * @param jobStatus the job
 * @param error a JSON document about the last error
 * @param observedGeneration generation of the recorded spec
 * @param lifecycleState derived, see {@link #deriveLifecycleState}
 * @param clusterInfo facts about the cluster by name
 * @param jobManagerDeploymentStatus missing unless given
 * @param reconciliationStatus recorded specs
 * @param taskManager application clusters only
 * @param conditions one for each type
 * @param operation what it is in the middle of
 * @param plugins what plugins remember, by plugin id
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkDeploymentStatus(
        JobStatus jobStatus,
        Optional<String> error,
        Optional<Long> observedGeneration,
        Optional<LifecycleState> lifecycleState,
        Map<String, String> clusterInfo,
        JobManagerDeploymentStatus jobManagerDeploymentStatus,
        ReconciliationStatus reconciliationStatus,
        Optional<TaskManagerInfo> taskManager,
        List<Condition> conditions,
        Optional<Operation> operation,
        Map<String, JsonNode> plugins,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown)
        implements FlinkStatus {
    private static final String OPERATION = "operation";

    private static final List<String> UNRECOVERABLE = List.of(
            "Manual restore required.",
            "It is possible that the job has finished or terminally failed, or the configmaps have been deleted.",
            "HA metadata is not available");

    /** Nothing known. */
    public static final FlinkDeploymentStatus EMPTY = new FlinkDeploymentStatus(
            JobStatus.EMPTY,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            JobManagerDeploymentStatus.MISSING,
            ReconciliationStatus.EMPTY,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Map.of(),
            Map.of());

    public FlinkDeploymentStatus {
        jobStatus = jobStatus == null ? JobStatus.EMPTY : jobStatus;
        clusterInfo = Copies.of(clusterInfo);
        jobManagerDeploymentStatus =
                jobManagerDeploymentStatus == null ? JobManagerDeploymentStatus.MISSING : jobManagerDeploymentStatus;
        reconciliationStatus = reconciliationStatus == null ? ReconciliationStatus.EMPTY : reconciliationStatus;
        conditions = Copies.of(conditions);
        plugins = Copies.of(plugins);
        unknown = Copies.of(operation.isPresent() ? Copies.without(unknown, OPERATION) : unknown);
    }

    /** The operation that this version cannot read, as it was written. */
    public Optional<JsonNode> heldOperation() {
        return Optional.ofNullable(unknown.get(OPERATION));
    }

    FlinkDeploymentStatus withUnknown(String field, JsonNode value) {
        return toBuilder().unknown(Copies.with(unknown, field, value)).build();
    }

    @Override
    public FlinkDeploymentStatus withJobStatus(JobStatus jobStatus) {
        return toBuilder().jobStatus(jobStatus).build();
    }

    @Override
    public FlinkDeploymentStatus withError(String error) {
        return toBuilder().error(Optional.of(error)).build();
    }

    @Override
    public FlinkDeploymentStatus withObservedGeneration(long observedGeneration) {
        return toBuilder().observedGeneration(Optional.of(observedGeneration)).build();
    }

    @Override
    public FlinkDeploymentStatus withLifecycleState(LifecycleState lifecycleState) {
        return toBuilder().lifecycleState(Optional.of(lifecycleState)).build();
    }

    /** The same with another {@code clusterInfo}. */
    public FlinkDeploymentStatus withClusterInfo(Map<String, String> clusterInfo) {
        return toBuilder().clusterInfo(clusterInfo).build();
    }

    /** The same with another {@code jobManagerDeploymentStatus}. */
    public FlinkDeploymentStatus withJobManagerDeploymentStatus(JobManagerDeploymentStatus jobManagerDeploymentStatus) {
        return toBuilder()
                .jobManagerDeploymentStatus(jobManagerDeploymentStatus)
                .build();
    }

    @Override
    public FlinkDeploymentStatus withReconciliationStatus(ReconciliationStatus reconciliationStatus) {
        return toBuilder().reconciliationStatus(reconciliationStatus).build();
    }

    /** The same with another {@code taskManager}. */
    public FlinkDeploymentStatus withTaskManager(TaskManagerInfo taskManager) {
        return toBuilder().taskManager(Optional.of(taskManager)).build();
    }

    @Override
    public FlinkDeploymentStatus withConditions(List<Condition> conditions) {
        return toBuilder().conditions(conditions).build();
    }

    @Override
    public FlinkDeploymentStatus withOperation(Operation operation) {
        return toBuilder().operation(Optional.of(operation)).build();
    }

    @Override
    public FlinkDeploymentStatus withPlugins(Map<String, JsonNode> plugins) {
        return toBuilder().plugins(plugins).build();
    }

    /** Whether the JobManager is gone or broken, and the error says that nothing but a restore by hand can help. */
    @Override
    public boolean needsManualRestore() {
        return (jobManagerDeploymentStatus.equals(JobManagerDeploymentStatus.MISSING)
                        || jobManagerDeploymentStatus.equals(JobManagerDeploymentStatus.ERROR))
                && error.filter(text -> UNRECOVERABLE.stream().anyMatch(text::contains))
                        .isPresent();
    }

    @Override
    public FlinkDeploymentStatus withoutError() {
        return toBuilder().error(Optional.empty()).build();
    }

    @Override
    public FlinkDeploymentStatus withoutOperation() {
        return toBuilder().operation(Optional.empty()).build();
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.jobStatus = jobStatus;
        builder.error = error;
        builder.observedGeneration = observedGeneration;
        builder.lifecycleState = lifecycleState;
        builder.clusterInfo = clusterInfo;
        builder.jobManagerDeploymentStatus = jobManagerDeploymentStatus;
        builder.reconciliationStatus = reconciliationStatus;
        builder.taskManager = taskManager;
        builder.conditions = conditions;
        builder.operation = operation;
        builder.plugins = plugins;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private JobStatus jobStatus = JobStatus.EMPTY;
        private Optional<String> error = Optional.empty();
        private Optional<Long> observedGeneration = Optional.empty();
        private Optional<LifecycleState> lifecycleState = Optional.empty();
        private Map<String, String> clusterInfo = Map.of();
        private JobManagerDeploymentStatus jobManagerDeploymentStatus = JobManagerDeploymentStatus.MISSING;
        private ReconciliationStatus reconciliationStatus = ReconciliationStatus.EMPTY;
        private Optional<TaskManagerInfo> taskManager = Optional.empty();
        private List<Condition> conditions = List.of();
        private Optional<Operation> operation = Optional.empty();
        private Map<String, JsonNode> plugins = Map.of();
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder jobStatus(JobStatus value) {
            jobStatus = value;
            return this;
        }

        public Builder error(Optional<String> value) {
            error = value;
            return this;
        }

        public Builder observedGeneration(Optional<Long> value) {
            observedGeneration = value;
            return this;
        }

        public Builder lifecycleState(Optional<LifecycleState> value) {
            lifecycleState = value;
            return this;
        }

        public Builder clusterInfo(Map<String, String> value) {
            clusterInfo = value;
            return this;
        }

        public Builder jobManagerDeploymentStatus(JobManagerDeploymentStatus value) {
            jobManagerDeploymentStatus = value;
            return this;
        }

        public Builder reconciliationStatus(ReconciliationStatus value) {
            reconciliationStatus = value;
            return this;
        }

        public Builder taskManager(Optional<TaskManagerInfo> value) {
            taskManager = value;
            return this;
        }

        public Builder conditions(List<Condition> value) {
            conditions = value;
            return this;
        }

        public Builder operation(Optional<Operation> value) {
            operation = value;
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

        public FlinkDeploymentStatus build() {
            return new FlinkDeploymentStatus(
                    jobStatus,
                    error,
                    observedGeneration,
                    lifecycleState,
                    clusterInfo,
                    jobManagerDeploymentStatus,
                    reconciliationStatus,
                    taskManager,
                    conditions,
                    operation,
                    plugins,
                    unknown);
        }
    }
}
