package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.LifecycleState;
import io.drey.spi.resource.ReconciliationState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lifecycle state and conditions. */
class SummaryTest {
    @Test
    @Tag("S047")
    void s047_the_lifecycle_from_created_to_failed() {
        var passes = new Passes(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
        List<String> seen = new ArrayList<>();
        Runnable note =
                () -> seen.add(passes.status().lifecycleState().orElseThrow().wire());

        passes.waiting("quota");
        note.run();
        passes.start().launch();
        note.run();
        passes.sees(Seen.available(1)).sees(Seen.job(passes.jobId(), "RUNNING")).rest();
        note.run();
        passes.apply(Yaml.application("a", "suspended", "")).start();
        passes.sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        note.run();
        passes.at(Phase.CLEARED).end();
        note.run();
        passes.apply(Yaml.application("a")).start().launch();
        note.run();
        passes.sees(Seen.available(3)).sees(Seen.job(passes.jobId(), "FAILED")).rest();
        note.run();
        var reconciliation = passes.status().reconciliationStatus().withState(ReconciliationState.ROLLED_BACK);
        passes.status(passes.status()
                        .withJobStatus(passes.status().jobStatus().withState(FlinkJobState.RUNNING))
                        .withReconciliationStatus(reconciliation))
                .rest();
        note.run();

        assertThat(seen)
                .containsExactly(
                        "CREATED", "DEPLOYED", "STABLE", "UPGRADING", "SUSPENDED", "DEPLOYED", "FAILED", "ROLLED_BACK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Manual restore required.",
                "It is possible that the job has finished or terminally failed, or the configmaps have been deleted.",
                "HA metadata is not available"
            })
    @Tag("S048")
    void s048_what_cannot_be_recovered_has_failed(String phrase) {
        var passes = Passes.running(Yaml.application("a"));
        passes.sees(ClusterObjects.ABSENT).rest();

        passes.refused(new Failure(ErrorKind.EXTERNAL, "UpgradeFailed", "no: " + phrase));

        assertThat(passes.status().lifecycleState()).contains(LifecycleState.FAILED);
        assertThat(passes.status().error().orElseThrow()).contains("UpgradeFailureException");
        assertThat(passes.reasons()).containsExactly("UpgradeFailed");
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, True, Running",
        "CREATED, False, Created",
        "FAILING, False, Failing",
        "RESTARTING, False, Restarting",
        "CANCELLING, False, Cancelling",
        "CANCELED, False, Canceled",
        "FAILED, False, Failed",
        "FINISHED, False, Finished",
    })
    @Tag("S049")
    void s049_running_of_an_application_is_its_job(String state, String expected, String reason) {
        var passes = Passes.running(Yaml.application("a"));

        passes.sees(Seen.job(passes.jobId(), state)).rest();

        assertThat(passes.condition("Running").status()).isEqualTo(expected);
        assertThat(passes.condition("Running").reason()).isEqualTo(reason);
        assertThat(passes.condition("Running").message()).isEqualTo("Job status " + state);
    }

    @ParameterizedTest
    @CsvSource({
        "READY, True, JobManagerReady, JobManager is running and ready to receive REST API calls",
        "DEPLOYED_NOT_READY, False, DeployedNotReady,"
                + " JobManager is running but not yet ready to receive REST API calls",
        "DEPLOYING, False, JobManagerIsDeploying, JobManager process is starting up",
        "ERROR, False, Error, JobManager deployment failed",
        "MISSING, False, JobManagerDeploymentMissing, JobManager deployment not found",
    })
    @Tag("S049")
    void s049_running_of_a_session_cluster_is_its_job_manager(
            String manager, String expected, String reason, String message) {
        var passes = new Passes(Yaml.session("a"));
        passes.start().launch();

        passes.status(passes.status().withJobManagerDeploymentStatus(new JobManagerDeploymentStatus(manager)))
                .rest();

        assertThat(passes.condition("Running").status()).isEqualTo(expected);
        assertThat(passes.condition("Running").reason()).isEqualTo(reason);
        assertThat(passes.condition("Running").message()).isEqualTo(message);
    }

    @Test
    @Tag("S050")
    void s050_the_time_of_a_condition_is_that_of_its_last_flip() {
        var passes = new Passes(Yaml.application("a"));
        passes.start().launch();
        assertThat(passes.condition("Running").lastTransitionTime()).contains(Passes.BEGIN);

        passes.later(Duration.ofSeconds(5)).sees(Seen.available(1)).sees(Seen.job(passes.jobId(), "CREATED"));
        passes.rest();
        assertThat(passes.condition("Running").reason()).isEqualTo("Created");
        assertThat(passes.condition("Running").lastTransitionTime()).contains(Passes.BEGIN);

        passes.later(Duration.ofSeconds(5))
                .sees(Seen.job(passes.jobId(), "RUNNING"))
                .rest();
        assertThat(passes.condition("Running").lastTransitionTime()).contains(Passes.BEGIN.plusSeconds(10));
        assertThat(passes.condition("Ready").lastTransitionTime()).contains(Passes.BEGIN.plusSeconds(10));
    }

    @Test
    void progress_of_an_operation_can_be_read() {
        var passes = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);

        passes.apply(Yaml.application("b")).start().waiting("JobManager pods are gone");

        var reconciling = passes.condition("Reconciling");
        assertThat(reconciling.holds()).isTrue();
        assertThat(reconciling.reason()).isEqualTo("Change");
        assertThat(reconciling.message())
                .isEqualTo("change of generation 2: recorded, waiting until JobManager pods are gone");
        assertThat(passes.condition("Ready").holds()).isFalse();
        assertThat(passes.condition("Stalled").holds()).isFalse();
    }

    @Test
    void what_is_held_says_what_it_waits_for() {
        var passes = new Passes(Yaml.application("a")).waiting("maintenance until 06:00");

        assertThat(passes.condition("Reconciling").message()).isEqualTo("maintenance until 06:00");
        assertThat(passes.condition("Ready").holds()).isFalse();
    }

    @Test
    void a_job_that_finished_is_ready_and_one_that_was_cancelled_is_not() {
        var finished = Passes.running(Yaml.application("a"));
        finished.sees(Seen.job(finished.jobId(), "FINISHED")).rest();
        var cancelled = Passes.running(Yaml.application("a"));
        cancelled.sees(Seen.job(cancelled.jobId(), "CANCELED")).rest();

        assertThat(finished.condition("Ready").holds()).isTrue();
        assertThat(cancelled.condition("Ready").reason()).isEqualTo("Canceled");
        assertThat(cancelled.condition("Reconciling").holds()).isFalse();
    }

    @Test
    void conditions_of_others_stay() {
        var passes = Passes.running(Yaml.application("a"));
        var conditions = new ArrayList<>(passes.status().conditions());
        conditions.add(RunningCondition.condition("Theirs", true, "Reason", "message", 1));
        passes.status(passes.status().withConditions(conditions));

        passes.rest();

        assertThat(passes.condition("Theirs").holds()).isTrue();
    }
}
