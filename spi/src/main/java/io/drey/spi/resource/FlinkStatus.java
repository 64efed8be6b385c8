package io.drey.spi.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the status of clusters and of session jobs have in common. */
public sealed interface FlinkStatus permits FlinkDeploymentStatus, FlinkSessionJobStatus {
    /** What is known of the job. */
    JobStatus jobStatus();

    /** A JSON document about the last error. */
    Optional<String> error();

    /** Generation of the recorded spec. */
    Optional<Long> observedGeneration();

    /** As it was last written, see {@link #deriveLifecycleState}. */
    Optional<LifecycleState> lifecycleState();

    /** The recorded specs. */
    ReconciliationStatus reconciliationStatus();

    /** One for each type. */
    List<Condition> conditions();

    /** What the resource is in the middle of. */
    Optional<Operation> operation();

    /** What plugins remember, by plugin id. */
    Map<String, JsonNode> plugins();

    /** The same with another {@code jobStatus}. */
    FlinkStatus withJobStatus(JobStatus jobStatus);

    /** The same with this {@code error}. */
    FlinkStatus withError(String error);

    /** The same with another {@code observedGeneration}. */
    FlinkStatus withObservedGeneration(long observedGeneration);

    /** The same with another {@code lifecycleState}. */
    FlinkStatus withLifecycleState(LifecycleState lifecycleState);

    /** The same with another {@code reconciliationStatus}. */
    FlinkStatus withReconciliationStatus(ReconciliationStatus reconciliationStatus);

    /** The same with other {@code conditions}. */
    FlinkStatus withConditions(List<Condition> conditions);

    /** The same in the middle of this {@code operation}. */
    FlinkStatus withOperation(Operation operation);

    /** The same with another memory of plugins. */
    FlinkStatus withPlugins(Map<String, JsonNode> plugins);

    /** The same without {@code error}. */
    FlinkStatus withoutError();

    /** The same in the middle of nothing. */
    FlinkStatus withoutOperation();

    /** Whether what ran is lost, and the error says that only a restore by hand can help. */
    default boolean needsManualRestore() {
        return false;
    }

    /**
     * The one word for where the resource is, as the contract derives it from the rest of the status. The first rule
     * that fits decides.
     *
     * @param recordedJobState {@code job.state} of the recorded spec ({@code lastReconciledSpec}); empty if it has no
     *     job or there is none
     */
    default LifecycleState deriveLifecycleState(Optional<JobState> recordedJobState) {
        var stored = lifecycleState().orElse(LifecycleState.CREATED);
        var reconciliation = reconciliationStatus();
        if (stored.equals(LifecycleState.DELETING) || stored.equals(LifecycleState.DELETED)) {
            return stored;
        }
        if (reconciliation.lastReconciledSpec().filter(text -> !text.isEmpty()).isEmpty()) {
            return error().filter(text -> !text.isEmpty()).isEmpty() ? LifecycleState.CREATED : LifecycleState.FAILED;
        }
        if (reconciliation.state().equals(ReconciliationState.UPGRADING)) {
            return LifecycleState.UPGRADING;
        }
        if (reconciliation.state().equals(ReconciliationState.ROLLING_BACK)) {
            return LifecycleState.ROLLING_BACK;
        }
        if (recordedJobState.filter(JobState.SUSPENDED::equals).isPresent()) {
            return LifecycleState.SUSPENDED;
        }
        if (jobStatus().state().filter(FlinkJobState.FAILED::equals).isPresent() || needsManualRestore()) {
            return LifecycleState.FAILED;
        }
        if (reconciliation.state().equals(ReconciliationState.ROLLED_BACK)) {
            return LifecycleState.ROLLED_BACK;
        }
        return reconciliation.stable() ? LifecycleState.STABLE : LifecycleState.DEPLOYED;
    }
}
