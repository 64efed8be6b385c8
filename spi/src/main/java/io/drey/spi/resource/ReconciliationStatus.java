package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * How the recorded spec and what runs relate: {@code status.reconciliationStatus}.
 *
 * @param reconciliationTimestamp of the last change, in epoch milliseconds
 * @param lastReconciledSpec the recorded spec, see {@link LastReconciledSpec}
 * @param lastStableSpec the newest that was found good, in the same form
 * @param state upgrading unless given
 * @param unknown fields that this version does not know, kept to be written back
 */
public record ReconciliationStatus(
        long reconciliationTimestamp,
        Optional<String> lastReconciledSpec,
        Optional<String> lastStableSpec,
        ReconciliationState state,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** Nothing recorded. */
    public static final ReconciliationStatus EMPTY =
            new ReconciliationStatus(0, Optional.empty(), Optional.empty(), ReconciliationState.UPGRADING, Map.of());

    public ReconciliationStatus {
        state = state == null ? ReconciliationState.UPGRADING : state;
        unknown = Copies.of(unknown);
    }

    /** The same with another {@code reconciliationTimestamp}. */
    public ReconciliationStatus withReconciliationTimestamp(long reconciliationTimestamp) {
        return new ReconciliationStatus(reconciliationTimestamp, lastReconciledSpec, lastStableSpec, state, unknown);
    }

    /** The same with another {@code lastReconciledSpec}. */
    public ReconciliationStatus withLastReconciledSpec(String lastReconciledSpec) {
        return new ReconciliationStatus(
                reconciliationTimestamp, Optional.of(lastReconciledSpec), lastStableSpec, state, unknown);
    }

    /** The same with another {@code lastStableSpec}. */
    public ReconciliationStatus withLastStableSpec(String lastStableSpec) {
        return new ReconciliationStatus(
                reconciliationTimestamp, lastReconciledSpec, Optional.of(lastStableSpec), state, unknown);
    }

    /** The same with another {@code state}. */
    public ReconciliationStatus withState(ReconciliationState state) {
        return new ReconciliationStatus(reconciliationTimestamp, lastReconciledSpec, lastStableSpec, state, unknown);
    }

    /** Whether the recorded spec is the one that was found good: the two texts are equal. */
    public boolean stable() {
        return lastReconciledSpec.isPresent() && lastReconciledSpec.equals(lastStableSpec);
    }
}
