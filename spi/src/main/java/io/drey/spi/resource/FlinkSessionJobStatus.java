package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a FlinkSessionJob.
 *
 * @param jobStatus the job
 * @param error a JSON document about the last error
 * @param observedGeneration generation of the recorded spec
 * @param lifecycleState derived, see {@link #deriveLifecycleState}
 * @param reconciliationStatus recorded specs
 * @param conditions one for each type
 * @param operation what it is in the middle of
 * @param plugins what plugins remember, by plugin id
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkSessionJobStatus(
        JobStatus jobStatus,
        Optional<String> error,
        Optional<Long> observedGeneration,
        Optional<LifecycleState> lifecycleState,
        ReconciliationStatus reconciliationStatus,
        List<Condition> conditions,
        Optional<Operation> operation,
        Map<String, JsonNode> plugins,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown)
        implements FlinkStatus {
    private static final String OPERATION = "operation";

    /** Nothing known. */
    public static final FlinkSessionJobStatus EMPTY = new FlinkSessionJobStatus(
            JobStatus.EMPTY,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ReconciliationStatus.EMPTY,
            List.of(),
            Optional.empty(),
            Map.of(),
            Map.of());

    public FlinkSessionJobStatus {
        jobStatus = jobStatus == null ? JobStatus.EMPTY : jobStatus;
        reconciliationStatus = reconciliationStatus == null ? ReconciliationStatus.EMPTY : reconciliationStatus;
        conditions = Copies.of(conditions);
        plugins = Copies.of(plugins);
        unknown = Copies.of(operation.isPresent() ? Copies.without(unknown, OPERATION) : unknown);
    }

    /** The operation that this version cannot read, as it was written. */
    public Optional<JsonNode> heldOperation() {
        return Optional.ofNullable(unknown.get(OPERATION));
    }

    FlinkSessionJobStatus withUnknown(String field, JsonNode value) {
        return toBuilder().unknown(Copies.with(unknown, field, value)).build();
    }

    @Override
    public FlinkSessionJobStatus withJobStatus(JobStatus jobStatus) {
        return toBuilder().jobStatus(jobStatus).build();
    }

    @Override
    public FlinkSessionJobStatus withError(String error) {
        return toBuilder().error(Optional.of(error)).build();
    }

    @Override
    public FlinkSessionJobStatus withObservedGeneration(long observedGeneration) {
        return toBuilder().observedGeneration(Optional.of(observedGeneration)).build();
    }

    @Override
    public FlinkSessionJobStatus withLifecycleState(LifecycleState lifecycleState) {
        return toBuilder().lifecycleState(Optional.of(lifecycleState)).build();
    }

    @Override
    public FlinkSessionJobStatus withReconciliationStatus(ReconciliationStatus reconciliationStatus) {
        return toBuilder().reconciliationStatus(reconciliationStatus).build();
    }

    @Override
    public FlinkSessionJobStatus withConditions(List<Condition> conditions) {
        return toBuilder().conditions(conditions).build();
    }

    @Override
    public FlinkSessionJobStatus withOperation(Operation operation) {
        return toBuilder().operation(Optional.of(operation)).build();
    }

    @Override
    public FlinkSessionJobStatus withPlugins(Map<String, JsonNode> plugins) {
        return toBuilder().plugins(plugins).build();
    }

    @Override
    public FlinkSessionJobStatus withoutError() {
        return toBuilder().error(Optional.empty()).build();
    }

    @Override
    public FlinkSessionJobStatus withoutOperation() {
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
        builder.reconciliationStatus = reconciliationStatus;
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
        private ReconciliationStatus reconciliationStatus = ReconciliationStatus.EMPTY;
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

        public Builder reconciliationStatus(ReconciliationStatus value) {
            reconciliationStatus = value;
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

        public FlinkSessionJobStatus build() {
            return new FlinkSessionJobStatus(
                    jobStatus,
                    error,
                    observedGeneration,
                    lifecycleState,
                    reconciliationStatus,
                    conditions,
                    operation,
                    plugins,
                    unknown);
        }
    }
}
