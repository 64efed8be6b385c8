package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.LifecycleState;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is observed of a cluster while no operation runs. */
class ObservationTest {
    private final Passes passes = Passes.running(Yaml.application("a"));

    private static Passes launched() {
        var passes = new Passes(Yaml.application("a"));
        passes.start().launch();
        return passes;
    }

    @Test
    @Tag("S014")
    void s014_an_error_is_forgotten_when_what_was_stable_is_well_again() {
        passes.sees(ClusterObjects.ABSENT).rest();
        assertThat(passes.status().error()).isPresent();

        passes.sees(Seen.available(1)).rest();

        assertThat(passes.status().error()).isEmpty();
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.STABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ImagePullBackOff", "ErrImagePull", "RunContainerError", "CreateContainerConfigError"})
    @Tag("S015")
    void s015_a_container_that_does_not_start_is_an_error_told_once(String reason) {
        var launched = launched();
        var pod = Seen.pod("containerStatuses", reason, "no such image", "");

        launched.sees(Seen.objects(Seen.deployment(1, 0), pod)).rest();

        assertThat(launched.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.ERROR);
        assertThat(launched.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
        assertThat(launched.event(reason).message()).isEqualTo("[flink-main-container] no such image");
        assertThat(launched.status().error().orElseThrow())
                .contains("DeploymentFailedException", "\"reason\":\"" + reason + "\"");
        assertThat(launched.condition("Reconciling").message()).isEqualTo("[flink-main-container] no such image");

        launched.rest();
        assertThat(launched.reasons()).isEmpty();
        assertThat(launched.status().error()).isPresent();
    }

    @Test
    @Tag("S016")
    void s016_a_deployment_that_may_not_create_pods() {
        var launched = launched();
        var deployment = Seen.deployment(1, 0);
        deployment.withObject("/status").set("conditions", Simulation.parse("""
            - {type: ReplicaFailure, status: 'True', reason: FailedCreate, message: exceeded quota}
            """));

        launched.sees(Seen.objects(deployment)).rest();

        assertThat(launched.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.ERROR);
        assertThat(launched.event("FailedCreate").message()).isEqualTo("exceeded quota");
    }

    @Test
    @Tag("S017")
    void s017_an_error_does_not_keep_an_edit_from_being_carried_out() {
        var launched = launched();
        launched.sees(Seen.objects(
                        Seen.deployment(1, 0), Seen.pod("containerStatuses", "ImagePullBackOff", "none", "")))
                .rest();

        launched.apply(Yaml.application("b")).strategy("stateless", Changes.STATELESS);

        launched.start();
        assertThat(launched.reasons()).contains("SpecChanged", "Suspended");
    }

    @Test
    @Tag("S017")
    void s017_an_error_that_is_over_is_deploying_again() {
        var launched = launched();
        launched.sees(Seen.objects(
                        Seen.deployment(1, 0), Seen.pod("containerStatuses", "ImagePullBackOff", "none", "")))
                .rest();

        launched.sees(Seen.starting(1)).rest();
        assertThat(launched.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);

        launched.sees(Seen.available(1))
                .sees(Seen.job(launched.jobId(), "RUNNING"))
                .rest();
        assertThat(launched.status().error()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "containerStatuses, exit code 1, '[flink-main-container] exit code 1'",
        "initContainerStatuses, exit code 1, '[flink-main-container] exit code 1'",
        "containerStatuses, '', '[flink-main-container] back-off'"
    })
    @Tag("S018")
    @Tag("S019")
    void s018_s019_a_crash_loop_says_how_the_container_ended(String where, String terminated, String expected) {
        var launched = launched();

        launched.sees(Seen.objects(Seen.deployment(1, 0), Seen.pod(where, "CrashLoopBackOff", "back-off", terminated)))
                .rest();

        assertThat(launched.event("CrashLoopBackOff").message()).isEqualTo(expected);
    }

    @Test
    void a_back_off_that_grows_is_the_same_event_and_the_same_error() {
        var launched = launched();
        launched.sees(crashed("10s")).rest();
        var first = launched.event("CrashLoopBackOff");
        var error = launched.status().error();
        launched.sees(Seen.starting(1)).rest();

        launched.sees(crashed("20s")).rest();

        assertThat(launched.event("CrashLoopBackOff").key()).isPresent().isEqualTo(first.key());
        assertThat(launched.event("CrashLoopBackOff").message())
                .isEqualTo(first.message())
                .isEqualTo("[flink-main-container] back-off restarting failed container");
        assertThat(launched.status().error()).isEqualTo(error);
    }

    private static ClusterObjects crashed(String backOff) {
        return Seen.objects(
                Seen.deployment(1, 0),
                Seen.pod(
                        "containerStatuses",
                        "CrashLoopBackOff",
                        "back-off " + backOff + " restarting failed container",
                        ""));
    }

    @Test
    @Tag("S020")
    void s020_a_volume_that_cannot_be_mounted() {
        var launched = launched();

        launched.sees(new ClusterObjects(
                        Optional.of(Seen.deployment(1, 0)), List.of(), List.of("secret \"x\" not found")))
                .rest();

        assertThat(launched.event("FailedMount").message()).isEqualTo("secret \"x\" not found");
    }

    @Test
    void a_job_manager_that_is_gone_is_missed_once() {
        passes.sees(ClusterObjects.ABSENT).rest();

        assertThat(passes.event("Missing").message()).isEqualTo("Missing JobManager deployment");
        assertThat(passes.event("Missing").component()).isEqualTo("JobManagerDeployment");
        assertThat(passes.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.MISSING);
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
        assertThat(passes.status().error().orElseThrow()).contains("MissingJobManagerException");
        var told = passes.json();

        passes.rest();
        assertThat(passes.reasons()).isEmpty();
        assertThat(passes.json()).isEqualTo(told);
    }

    @Test
    @Tag("S154")
    void s154_a_job_manager_out_of_reach_leaves_the_job_unknown() {
        passes.sees(Seen.unreachable()).rest();

        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
        assertThat(passes.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.READY);
        assertThat(passes.condition("Ready").holds()).isFalse();

        passes.sees(Seen.starting(1)).rest();
        assertThat(passes.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
    }

    @Test
    void a_job_manager_that_nobody_has_asked_yet_says_nothing() {
        var before = passes.json();

        passes.flinkNotAskedYet().later(Duration.ofMinutes(1)).rest();

        assertThat(passes.json()).isEqualTo(before);
        assertThat(passes.reasons()).isEmpty();
    }

    @Test
    void a_job_that_flink_has_not_listed_yet_is_waited_for_and_what_helps_is_said() {
        var launched = launched().sees(Seen.available(1)).sees(Seen.serving()).rest();

        assertThat(launched.condition("Ready").reason()).isEqualTo("Starting");
        assertThat(launched.condition("Ready").message()).contains("yet").contains("spec.job.initialSavepointPath");
    }

    @Test
    @Tag("S148")
    void a_job_that_flink_does_not_list_any_more_is_missed_until_it_is_back() {
        passes.sees(Seen.serving()).rest();

        assertThat(passes.event("Missing").message()).isEqualTo("Job Not Found");
        assertThat(passes.event("Missing").component()).isEqualTo("Job");
        assertThat(passes.condition("Ready").reason()).isEqualTo("JobNotFound");
        assertThat(passes.condition("Ready").message())
                .contains(passes.jobId())
                .contains("spec.restartNonce")
                .contains("spec.job.initialSavepointPath");
        assertThat(passes.status().error()).contains("Job Not Found");
        passes.rest();
        assertThat(passes.reasons()).isEmpty();
        assertThat(passes.status().error()).contains("Job Not Found");

        passes.sees(Seen.job(passes.jobId(), "RUNNING")).rest();
        assertThat(passes.status().error()).isEmpty();
    }

    @Test
    void a_job_that_has_not_been_listed_yet_is_not_missed() {
        var launched = launched();

        launched.sees(Seen.available(1)).sees(Seen.serving()).rest();

        assertThat(launched.reasons()).isEmpty();
        assertThat(launched.status().error()).isEmpty();
    }

    @Test
    @Tag("S149")
    void s149_a_job_that_failed_says_why() {
        passes.sees(Seen.job(passes.jobId(), "FAILED", Optional.of("java.lang.IllegalStateException: boom")))
                .rest();

        assertThat(passes.reasons()).containsExactly("JobStatusChanged", "Error");
        assertThat(passes.event("Error").component()).isEqualTo("Job");
        assertThat(passes.event("Error").message()).contains("boom");
        assertThat(passes.status().error().orElseThrow())
                .contains("\"type\":\"java.lang.IllegalStateException\"", "\"message\":\"boom\"");
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.FAILED);
        assertThat(passes.condition("Stalled").message()).isEqualTo("boom");

        passes.rest();
        assertThat(passes.reasons()).isEmpty();
        assertThat(passes.status().error()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FINISHED", "FAILED", "CANCELED"})
    @Tag("S150")
    void s150_a_last_state_stays_whatever_happens_to_the_job_manager(String state) {
        passes.sees(Seen.job(passes.jobId(), state)).rest();

        passes.sees(ClusterObjects.ABSENT).rest();
        assertThat(passes.status().jobStatus().state()).contains(new FlinkJobState(state));
        passes.sees(Seen.available(1)).sees(Seen.job(passes.jobId(), "RUNNING")).rest();
        assertThat(passes.status().jobStatus().state()).contains(new FlinkJobState(state));
    }

    @Test
    @Tag("S155")
    void s155_a_change_of_the_job_is_told_with_both_states() {
        passes.later(Duration.ofSeconds(7))
                .sees(Seen.job(passes.jobId(), "RESTARTING"))
                .rest();

        assertThat(passes.event("JobStatusChanged").message())
                .isEqualTo("Job status changed from RUNNING to RESTARTING");
        assertThat(passes.status().jobStatus().updateTime())
                .contains(String.valueOf(Passes.BEGIN.plusSeconds(7).toEpochMilli()));
        assertThat(passes.status().jobStatus().startTime()).contains(String.valueOf(Seen.STARTED.toEpochMilli()));
        passes.rest();
        assertThat(passes.reasons()).isEmpty();
    }

    @Test
    void a_session_cluster_is_stable_when_it_serves() {
        var session = new Passes(Yaml.session("a"));
        session.start().launch();
        assertThat(session.status().jobStatus().jobId()).isEmpty();
        assertThat(session.status().taskManager()).isEmpty();

        session.sees(Seen.available(1)).sees(Seen.unreachable()).rest();
        assertThat(session.status().lifecycleState()).contains(LifecycleState.DEPLOYED);

        session.sees(Seen.serving()).rest();
        assertThat(session.status().lifecycleState()).contains(LifecycleState.STABLE);
        assertThat(session.condition("Ready").holds()).isTrue();
    }
}
