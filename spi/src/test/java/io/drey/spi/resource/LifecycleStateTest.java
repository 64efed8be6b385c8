package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleStateTest {
    private static final ReconciliationStatus RECORDED = ReconciliationStatus.EMPTY.withLastReconciledSpec("{a}");
    private static final Optional<JobState> RUNNING = Optional.of(JobState.RUNNING);

    /** The sequence of a resource's life. */
    @Test
    @Tag("S047")
    void followsAResourceThroughItsLife() {
        var status = FlinkDeploymentStatus.EMPTY;
        assertThat(status.deriveLifecycleState(Optional.empty())).isEqualTo(LifecycleState.CREATED);

        var recorded = status.withReconciliationStatus(RECORDED);
        assertThat(recorded.deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.UPGRADING);

        var deployed = status.withReconciliationStatus(RECORDED.withState(ReconciliationState.DEPLOYED));
        assertThat(deployed.deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.DEPLOYED);

        var stable = deployed.withReconciliationStatus(
                deployed.reconciliationStatus().withLastStableSpec("{a}"));
        assertThat(stable.deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.STABLE);
        assertThat(stable.deriveLifecycleState(Optional.of(JobState.SUSPENDED))).isEqualTo(LifecycleState.SUSPENDED);

        var failed = stable.withJobStatus(JobStatus.EMPTY.withState(FlinkJobState.FAILED));
        assertThat(failed.deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.FAILED);
    }

    @ParameterizedTest
    @CsvSource({
        "UPGRADING,UPGRADING",
        "ROLLING_BACK,ROLLING_BACK",
        "ROLLED_BACK,ROLLED_BACK",
        "DEPLOYED,DEPLOYED",
        "SOMETHING_NEW,DEPLOYED"
    })
    void followsTheReconciliationState(String reconciliation, String lifecycle) {
        var status = FlinkSessionJobStatus.EMPTY.withReconciliationStatus(
                RECORDED.withState(new ReconciliationState(reconciliation)));

        assertThat(status.deriveLifecycleState(RUNNING)).isEqualTo(new LifecycleState(lifecycle));
    }

    @Test
    void anErrorBeforeTheFirstRecordIsAFailure() {
        assertThat(FlinkSessionJobStatus.EMPTY.withError("no").deriveLifecycleState(Optional.empty()))
                .isEqualTo(LifecycleState.FAILED);
        assertThat(FlinkSessionJobStatus.EMPTY.withError("").deriveLifecycleState(Optional.empty()))
                .isEqualTo(LifecycleState.CREATED);
    }

    @Test
    void deletionStays() {
        var status = FlinkDeploymentStatus.EMPTY.withLifecycleState(LifecycleState.DELETING);

        assertThat(status.deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.DELETING);
    }

    /** What only a restore by hand can mend has failed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x Manual restore required. y",
                "It is possible that the job has finished or terminally failed, or the configmaps have been deleted.",
                "HA metadata is not available to restore from"
            })
    @Tag("S048")
    void aLostClusterThatCannotBeRestoredHasFailed(String error) {
        var deployed = FlinkDeploymentStatus.EMPTY
                .withReconciliationStatus(RECORDED.withState(ReconciliationState.DEPLOYED))
                .withError(error);

        assertThat(deployed.deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.FAILED);
        assertThat(deployed.withJobManagerDeploymentStatus(JobManagerDeploymentStatus.ERROR)
                        .deriveLifecycleState(RUNNING))
                .isEqualTo(LifecycleState.FAILED);
        assertThat(deployed.withJobManagerDeploymentStatus(JobManagerDeploymentStatus.READY)
                        .deriveLifecycleState(RUNNING))
                .isEqualTo(LifecycleState.DEPLOYED);
        assertThat(deployed.withoutError().deriveLifecycleState(RUNNING)).isEqualTo(LifecycleState.DEPLOYED);
    }

    @Test
    void knowsWhichStatesAreTerminal() {
        assertThat(LifecycleState.KNOWN)
                .filteredOn(LifecycleState::isTerminal)
                .extracting(LifecycleState::wire)
                .containsExactlyInAnyOrder("SUSPENDED", "STABLE", "ROLLED_BACK", "FAILED", "DELETED");
    }
}
