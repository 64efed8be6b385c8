package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.LifecycleState;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a JobManager counts as ready: as soon as Flink says so, whatever Kubernetes has noticed by then. */
class ReadyTest {
    private final Passes application = launched(Yaml.application("a"));
    private final Passes session = launched(Yaml.session("a"));

    private static Passes launched(String yaml) {
        var passes = new Passes(yaml);
        passes.start().launch();
        return passes;
    }

    private static JobManagerDeploymentStatus manager(Passes passes) {
        return passes.rest().status().jobManagerDeploymentStatus();
    }

    @Test
    @Tag("S001")
    void s001_an_application_runs_as_soon_as_flink_lists_its_job() {
        application.sees(Seen.starting(1)).sees(Seen.job(application.jobId(), "RUNNING"));

        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.READY);
        assertThat(application.status().jobStatus().state()).contains(FlinkJobState.RUNNING);
        assertThat(application.status().lifecycleState()).contains(LifecycleState.STABLE);
        assertThat(application.reasons()).containsExactly("JobStatusChanged");
    }

    @Test
    @Tag("S001")
    void s001_a_session_cluster_is_ready_as_soon_as_it_answers() {
        session.sees(Seen.starting(1)).sees(Seen.serving());

        assertThat(manager(session)).isEqualTo(JobManagerDeploymentStatus.READY);
        assertThat(session.status().lifecycleState()).contains(LifecycleState.STABLE);
    }

    @Test
    void a_job_manager_with_another_job_may_be_that_of_an_earlier_launch() {
        application.sees(Seen.starting(1)).sees(Seen.job("f".repeat(32), "RUNNING"));

        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
        assertThat(application.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
    }

    @Test
    void what_was_seen_before_the_launch_does_not_count_though_the_job_id_is_the_same() {
        application
                .sees(Seen.starting(1))
                .seesSince(Passes.BEGIN.minusMillis(1), Seen.job(application.jobId(), "FAILED"));

        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
        assertThat(application.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
        application.sees(Seen.available(1));
        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.DEPLOYED_NOT_READY);
        assertThat(application.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);

        application.seesSince(Passes.BEGIN, Seen.job(application.jobId(), "RUNNING"));
        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.READY);
        assertThat(application.status().jobStatus().state()).contains(FlinkJobState.RUNNING);
    }

    @Test
    void a_launch_in_the_future_of_our_clock_does_not_hide_what_flink_says() {
        var status = application.status();
        application.status(status.withReconciliationStatus(status.reconciliationStatus()
                .withReconciliationTimestamp(
                        Passes.BEGIN.plus(Duration.ofHours(1)).toEpochMilli())));

        application.sees(Seen.available(1)).sees(Seen.job(application.jobId(), "RUNNING"));

        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.READY);
    }

    @Test
    void a_session_cluster_of_another_generation_is_not_ready_before_it_is_available() {
        session.sees(Seen.starting(7)).sees(Seen.serving());
        assertThat(manager(session)).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);

        session.sees(Seen.available(7));
        assertThat(manager(session)).isEqualTo(JobManagerDeploymentStatus.READY);
    }

    @Test
    void a_job_manager_that_is_being_deleted_is_not_ready() {
        application.sees(Seen.leaving(1)).sees(Seen.job(application.jobId(), "RUNNING"));
        session.sees(Seen.leaving(1)).sees(Seen.serving());

        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
        assertThat(manager(session)).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
    }

    @Test
    void a_pod_in_trouble_outweighs_what_flink_said_before() {
        application
                .sees(Seen.objects(Seen.deployment(1, 0), Seen.pod("containerStatuses", "CrashLoopBackOff", "", "oom")))
                .sees(Seen.job(application.jobId(), "RUNNING"));

        assertThat(manager(application)).isEqualTo(JobManagerDeploymentStatus.ERROR);
        assertThat(application.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
    }

    @Test
    void one_that_is_gone_is_missed_whatever_flink_said_before() {
        var running = Passes.running(Yaml.application("a"));

        running.sees(ClusterObjects.ABSENT).rest();

        assertThat(running.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.MISSING);
        assertThat(running.reasons()).containsExactly("Missing");
        assertThat(running.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
    }

    @Test
    void one_that_kubernetes_does_not_call_available_any_more_stays_ready_as_long_as_it_answers() {
        var running = Passes.running(Yaml.application("a"));
        var before = running.json();

        running.sees(Seen.starting(1)).rest();
        assertThat(running.json()).isEqualTo(before);

        running.sees(Seen.unreachable());
        assertThat(manager(running)).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
        assertThat(running.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
    }
}
