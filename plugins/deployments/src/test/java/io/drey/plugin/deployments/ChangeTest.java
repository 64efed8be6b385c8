package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.LifecycleState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.TaskManagerInfo;
import io.drey.spi.resource.UpgradeMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 10.4 of the behaviour: edits of what runs, of what is suspended, and of what is on its way. */
class ChangeTest {
    private final Passes passes = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);

    private static Proposal.Start resume(Stop stop, Restore restore) {
        return new Proposal.Start(Cause.CHANGE, Target.CURRENT, stop, restore, true, "deployments/resume", "native");
    }

    /** An application that was stopped with state at this path, and is suspended. */
    private static Passes suspendedAt(String path) {
        var passes = Passes.running(Yaml.application("a", "running", "upgradeMode: savepoint"))
                .strategy("savepoint", Changes.from(path))
                .strategy("stateless", Changes.STATELESS);
        passes.apply(Yaml.application("a", "suspended", "upgradeMode: savepoint"))
                .start()
                .sees(ClusterObjects.ABSENT)
                .at(Phase.STOPPED)
                .at(Phase.CLEARED)
                .end();
        return passes;
    }

    @Test
    @Tag("S027")
    void s027_an_edit_of_bookkeeping_moves_the_generation_and_no_recorded_value() {
        var recorded = passes.status().reconciliationStatus();

        passes.apply(Yaml.application("a", "running", "allowNonRestoredState: true\nsavepointTriggerNonce: 7"));
        assertThat(passes.proposed()).isInstanceOf(Proposal.Mark.class);
        passes.rest();

        assertThat(passes.status().observedGeneration()).contains(2L);
        assertThat(passes.status().reconciliationStatus()).isEqualTo(recorded);
        assertThat(passes.reasons()).isEmpty();
    }

    @Test
    @Tag("S100")
    void s100_an_edit_is_told_once_for_its_generation_without_secrets() {
        passes.apply(Yaml.application("a", "running", "args: [--password, geheim]"))
                .start();

        var told = passes.event("SpecChanged");
        assertThat(told.message())
                .isEqualTo("UPGRADE change(s) detected (FlinkDeploymentSpec[job.args : [] -> [--password, ******]]),"
                        + " starting reconciliation.");
        assertThat(told.key()).contains("SpecChange: 2");
        assertThat(told.once()).isTrue();
        assertThat(passes.event("Suspended").message()).isEqualTo("Suspending existing deployment.");
        passes.at(Phase.STOPPED);
        assertThat(passes.reasons()).isEmpty();
    }

    @Test
    void a3_until_the_stop_is_done_the_recorded_spec_is_the_one_that_runs() {
        var recorded = passes.status().reconciliationStatus();

        passes.apply(Yaml.application("b")).start();
        assertThat(passes.status().reconciliationStatus()).isEqualTo(recorded);
        assertThat(passes.status().observedGeneration()).contains(1L);

        passes.sees(Seen.job(passes.jobId(), "CANCELLING")).at(Phase.STOPPING);
        assertThat(passes.status().reconciliationStatus()).isEqualTo(recorded);
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.CANCELLING);
    }

    @Test
    void a3_nobody_misses_a_cluster_that_the_operation_takes_down() {
        passes.apply(Yaml.application("b")).start();
        var terminating = Seen.deployment(1, 0);
        terminating.withObject("/metadata").put("deletionTimestamp", "2026-11-01T12:00:00Z");

        for (var objects : new ClusterObjects[] {Seen.objects(terminating), ClusterObjects.ABSENT}) {
            passes.sees(objects).sees(Seen.unreachable()).at(Phase.RECORDED);
            assertThat(passes.reasons()).isEmpty();
            assertThat(passes.status().error()).isEmpty();
        }
    }

    @Test
    void a3_after_the_stop_the_status_is_one_that_the_apache_operator_could_go_on_from() {
        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);

        var status = passes.status();
        assertThat(status.reconciliationStatus().state()).isEqualTo(ReconciliationState.UPGRADING);
        assertThat(status.observedGeneration()).contains(2L);
        assertThat(status.jobStatus().state()).contains(FlinkJobState.FINISHED);
        assertThat(status.jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.MISSING);
        assertThat(status.taskManager()).contains(TaskManagerInfo.EMPTY);
        assertThat(passes.recorded().spec().image()).contains("b");
        assertThat(passes.recorded().spec().job().orElseThrow().state()).isEqualTo(JobState.SUSPENDED);
        assertThat(passes.recorded().firstDeployment()).isFalse();
        assertThat(status.lifecycleState()).contains(LifecycleState.UPGRADING);
    }

    @Test
    void a3_after_the_stop_facts_drive_nothing() {
        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        var stopped = passes.json();

        passes.sees(Seen.objects(
                        Seen.deployment(1, 0), Seen.pod("containerStatuses", "CrashLoopBackOff", "back-off", "")))
                .sees(Seen.job(passes.jobId(), "FAILED"))
                .rest();

        assertThat(passes.json()).isEqualTo(stopped);
        assertThat(passes.reasons()).isEmpty();
    }

    @Test
    @Tag("S111")
    void s111_a_change_ends_with_the_new_spec_deployed_under_a_new_job_id() {
        var first = passes.jobId();

        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).launch();

        assertThat(passes.reasons()).containsExactly("Submit");
        assertThat(passes.jobId()).isNotEqualTo(first);
        assertThat(passes.status().reconciliationStatus().state()).isEqualTo(ReconciliationState.DEPLOYED);
        assertThat(passes.status().reconciliationStatus().stable()).isFalse();
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
        assertThat(passes.recorded().firstDeployment()).isFalse();
        assertThat(passes.recorded().spec().job().orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void nonces_of_triggers_are_kept_across_a_change() {
        passes.apply(Yaml.application("b", "running", "savepointTriggerNonce: 7"))
                .start()
                .sees(ClusterObjects.ABSENT)
                .launch();

        assertThat(passes.recorded().spec().job().orElseThrow().savepointTriggerNonce())
                .isEmpty();
    }

    @Test
    @Tag("S133")
    void s133_suspended_is_deployed_stable_and_empty() {
        var suspended = suspendedAt("s3://stopped");

        var status = suspended.status();
        assertThat(status.reconciliationStatus().state()).isEqualTo(ReconciliationState.DEPLOYED);
        assertThat(status.reconciliationStatus().stable()).isTrue();
        assertThat(status.lifecycleState()).contains(LifecycleState.SUSPENDED);
        assertThat(status.jobStatus().upgradeSavepointPath()).contains("s3://stopped");
        assertThat(status.jobStatus().state()).contains(FlinkJobState.FINISHED);
        assertThat(status.jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.MISSING);
        assertThat(status.taskManager()).contains(TaskManagerInfo.EMPTY);
        var job = suspended.recorded().spec().job().orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.SUSPENDED);
        assertThat(job.upgradeMode()).isEqualTo(UpgradeMode.SAVEPOINT);
        assertThat(suspended.condition("Ready").holds()).isTrue();
        assertThat(suspended.reasons()).isEmpty();
    }

    @Test
    @Tag("S134")
    void s134_a_resume_takes_the_state_that_it_was_suspended_with() {
        var suspended = suspendedAt("s3://stopped");

        suspended.apply(Yaml.application("a", "running", "upgradeMode: last-state"));

        assertThat(suspended.proposed()).isEqualTo(resume(Stop.NONE, Restore.path("s3://stopped")));
    }

    @Test
    @Tag("S135")
    void s135_a_resume_that_asks_for_stateless_starts_empty() {
        var suspended = suspendedAt("s3://stopped");

        suspended.apply(Yaml.application("a", "running", "upgradeMode: stateless"));

        assertThat(suspended.proposed()).isEqualTo(resume(Stop.NONE, Restore.NONE));
    }

    @Test
    void a_job_manager_that_was_left_is_removed_before_the_resume() {
        var suspended = suspendedAt("s3://stopped");

        suspended
                .apply(Yaml.application("a", "running", "upgradeMode: savepoint"))
                .sees(Seen.available(1));

        assertThat(suspended.proposed()).isEqualTo(resume(Stop.of(StopMode.KILL), Restore.path("s3://stopped")));
        assertThat(suspended.start().reasons()).containsExactly("SpecChanged");
    }

    @Test
    void a7_an_upgrade_that_the_apache_operator_began_by_cancelling_is_observed_and_chosen_again() {
        passes.apply(Yaml.application("b"));
        var reconciliation = passes.status().reconciliationStatus().withState(ReconciliationState.UPGRADING);
        var job = passes.status().jobStatus().withState(FlinkJobState.CANCELLING);
        passes.status(passes.status().withJobStatus(job).withReconciliationStatus(reconciliation));

        passes.sees(Seen.job(passes.jobId(), "CANCELED")).rest();
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.CANCELED);
        assertThat(passes.start().operation().stop()).isEqualTo(Stop.of(StopMode.CANCEL));

        passes.status(passes.status().withoutOperation()).apply(Yaml.application("a"));
        assertThat(passes.proposed()).as("also when the edit was taken back").isInstanceOf(Proposal.Start.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KUBERNETES_OPERATOR_LAST_STATE"})
    @Tag("S121")
    void s121_a_resume_whose_savepoint_is_not_known_is_refused_and_not_started_empty(String path) {
        var suspended = suspendedAt("s3://stopped");
        var job = suspended.status().jobStatus().toBuilder()
                .upgradeSavepointPath(Optional.of(path))
                .build();
        suspended.status(suspended.status().withJobStatus(job));

        suspended.apply(Yaml.application("a", "running", "upgradeMode: savepoint"));

        var refusal = ((Proposal.Refuse) suspended.proposed()).failure();
        assertThat(refusal.code()).isEqualTo("RestoreFailed");
        assertThat(suspended.refused(refusal).reasons()).containsExactly("RestoreFailed");
    }

    @Test
    @Tag("S134")
    void s134_a_savepoint_that_an_old_operator_recorded_its_own_way_is_found() {
        var suspended = suspendedAt("s3://stopped");
        var raw = suspended.json();
        raw.withObject("/jobStatus").remove("upgradeSavepointPath");
        raw.withObject("/jobStatus/savepointInfo/lastSavepoint")
                .put("timeStamp", 1)
                .put("location", "s3://legacy");
        suspended.status(suspended.mapper.part(
                JsonNodeFactory.instance.objectNode().set("status", raw), "status", FlinkDeploymentStatus.class));

        suspended.apply(Yaml.application("a", "running", "upgradeMode: savepoint"));

        assertThat(suspended.proposed()).isEqualTo(resume(Stop.NONE, Restore.path("s3://legacy")));
    }

    @Test
    void a_resume_from_last_state_is_refused_where_nobody_offers_it() {
        var suspended = Passes.running(Yaml.application("a", "running", "upgradeMode: last-state"))
                .strategy(
                        "last-state", new Choice.Go(Target.CURRENT, Stop.of(StopMode.KILL), Restore.HIGH_AVAILABILITY));
        suspended
                .apply(Yaml.application("a", "suspended", "upgradeMode: last-state"))
                .start()
                .sees(ClusterObjects.ABSENT)
                .at(Phase.STOPPED)
                .at(Phase.CLEARED)
                .end();
        suspended.apply(Yaml.application("a", "running", "upgradeMode: last-state"));
        assertThat(suspended.proposed()).isEqualTo(resume(Stop.NONE, Restore.HIGH_AVAILABILITY));

        suspended.strategy(
                "last-state", new Choice.Refuse(new Failure(ErrorKind.USER, "UpgradeStrategyMissing", "none")));

        assertThat(suspended.proposed()).isInstanceOf(Proposal.Refuse.class);
    }

    @Test
    @Tag("S136")
    void s136_an_edit_while_suspended_deploys_nothing_and_is_carried_out_by_the_resume() {
        var suspended = suspendedAt("s3://stopped");
        var recorded = suspended.status().reconciliationStatus();

        suspended.apply(Yaml.application("b", "suspended", "upgradeMode: savepoint"));
        assertThat(suspended.proposed()).isInstanceOf(Proposal.Mark.class);
        suspended.rest();
        assertThat(suspended.status().reconciliationStatus()).isEqualTo(recorded);
        assertThat(suspended.status().observedGeneration()).contains(3L);
        assertThat(suspended.reasons()).containsExactly("SpecChanged");
        suspended.rest();
        assertThat(suspended.reasons()).isEmpty();

        suspended
                .apply(Yaml.application("b", "running", "upgradeMode: savepoint"))
                .start()
                .launch();
        assertThat(suspended.recorded().spec().image()).contains("b");
    }

    @Test
    @Tag("S137")
    void s137_an_edit_on_the_way_is_the_one_that_is_deployed() {
        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        var id = passes.operation().id();

        passes.apply(Yaml.application("c")).retarget();

        assertThat(passes.operation().id()).isEqualTo(id);
        assertThat(passes.operation().phase()).isEqualTo(Phase.STOPPED);
        assertThat(passes.status().observedGeneration()).contains(3L);
        assertThat(passes.recorded().spec().image()).contains("c");
        assertThat(passes.event("SpecChanged").key()).contains("SpecChange: 3");
        assertThat(passes.reasons()).doesNotContain("Suspended");
    }

    @Test
    void f5_an_edit_to_stateless_on_the_way_starts_empty_and_another_keeps_the_state() {
        var onTheWay = Passes.running(Yaml.application("a", "running", "upgradeMode: savepoint"))
                .strategy("savepoint", Changes.from("s3://stopped"));
        onTheWay.apply(Yaml.application("b", "running", "upgradeMode: savepoint"))
                .start();

        onTheWay.apply(Yaml.application("c", "running", "upgradeMode: last-state"))
                .retarget();
        assertThat(onTheWay.operation().restore()).isEqualTo(Restore.path("s3://stopped"));
        onTheWay.apply(Yaml.application("d", "running", "upgradeMode: stateless"))
                .retarget();
        assertThat(onTheWay.operation().restore()).isEqualTo(Restore.NONE);
        onTheWay.apply(Yaml.application(
                        "d",
                        "running",
                        "upgradeMode: savepoint\ninitialSavepointPath: s3://redo\nsavepointRedeployNonce: 1"))
                .retarget();
        assertThat(onTheWay.operation().restore()).isEqualTo(Restore.path("s3://redo"));
    }

    @Test
    @Tag("S131")
    void s131_a_session_cluster_is_replaced_without_asking_a_strategy() {
        var session = new Passes(Yaml.session("a"));
        session.start().launch();

        session.apply(Yaml.session("b"));

        assertThat(session.proposed())
                .isEqualTo(new Proposal.Start(
                        Cause.CHANGE,
                        Target.CURRENT,
                        Stop.of(StopMode.KILL),
                        Restore.NONE,
                        true,
                        "deployments/change",
                        "native"));
    }

    @Test
    void f18_a_session_cluster_with_high_availability_keeps_it() {
        var yaml = Yaml.session("a")
                .replace("flinkConfiguration: {", "flinkConfiguration: {high-availability.type: kubernetes, ");
        var session = new Passes(yaml);
        session.start().launch();

        session.apply(yaml.replace("image: a", "image: b"));

        assertThat(session.proposed())
                .isInstanceOfSatisfying(
                        Proposal.Start.class,
                        start -> assertThat(start.restore()).isEqualTo(Restore.HIGH_AVAILABILITY));
    }

    @Test
    @Tag("S156")
    void s156_a_redeploy_starts_from_its_path_and_is_stable_at_once() {
        passes.apply(Yaml.application("a", "running", "initialSavepointPath: s3://redo\nsavepointRedeployNonce: 1"))
                .start();
        assertThat(passes.operation().stop()).isEqualTo(Stop.of(StopMode.CANCEL));
        assertThat(passes.operation().restore()).isEqualTo(Restore.path("s3://redo"));

        passes.sees(ClusterObjects.ABSENT).launch();

        assertThat(passes.status().reconciliationStatus().stable()).isTrue();
        assertThat(passes.status().jobStatus().upgradeSavepointPath()).contains("s3://redo");
    }

    @Test
    void a_strategy_that_nobody_offers_is_refused_and_the_job_goes_on() {
        passes.apply(Yaml.application("b", "running", "upgradeMode: savepoint"));
        var refusal = (Proposal.Refuse) passes.proposed();

        passes.refused(refusal.failure());

        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RUNNING);
        assertThat(passes.status().observedGeneration()).contains(1L);
        assertThat(passes.status().error().orElseThrow())
                .contains("ReconciliationException", "nobody offers savepoint");
        assertThat(passes.event("Error").message()).isEqualTo("nobody offers savepoint");
        assertThat(passes.condition("Stalled").reason()).isEqualTo("UpgradeStrategyMissing");
        passes.later(Duration.ofMinutes(1)).refused(refusal.failure());
        assertThat(passes.reasons()).isEmpty();

        passes.apply(Yaml.application("a")).rest();
        assertThat(passes.status().error()).isEmpty();
    }

    @Test
    void a7_what_was_left_between_stop_and_launch_goes_on_and_a_suspend_ends_it() {
        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        passes.status(passes.status().withoutOperation());

        assertThat(passes.proposed()).isEqualTo(resume(Stop.NONE, Restore.NONE));

        passes.apply(Yaml.application("b", "suspended", "")).start();
        assertThat(passes.operation().launch()).isFalse();
        passes.at(Phase.STOPPED).at(Phase.CLEARED).end();
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.SUSPENDED);
        assertThat(passes.status().reconciliationStatus().state()).isEqualTo(ReconciliationState.DEPLOYED);
    }

    @Test
    void a7_a_session_cluster_that_was_left_between_stop_and_launch_is_launched() {
        var session = new Passes(Yaml.session("a"));
        session.start().launch();
        session.apply(Yaml.session("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        session.status(session.status().withoutOperation());

        assertThat(session.proposed()).isEqualTo(resume(Stop.NONE, Restore.NONE));
    }

    @Test
    void deletion_cancels_what_runs_and_is_told() {
        passes.deleted();

        assertThat(passes.proposed())
                .isEqualTo(new Proposal.Start(
                        Cause.DELETE,
                        Target.DEPLOYED,
                        Stop.of(StopMode.CANCEL),
                        Restore.NONE,
                        false,
                        "deployments/delete",
                        "native"));
        passes.start();
        assertThat(passes.event("Cleanup").message()).isEqualTo("Cleaning up FlinkDeployment");
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.DELETING);
        passes.sees(ClusterObjects.ABSENT).at(Phase.RECORDED);
        assertThat(passes.reasons()).isEmpty();
        assertThat(passes.status().error()).isEmpty();
    }

    @Test
    void deletion_of_what_has_ended_or_never_ran_asks_nobody() {
        passes.sees(Seen.job(passes.jobId(), "FINISHED")).rest().deleted();
        var fresh = new Passes(Yaml.application("a")).deleted();

        assertThat(((Proposal.Start) passes.proposed()).stop()).isEqualTo(Stop.of(StopMode.KILL));
        assertThat(((Proposal.Start) fresh.proposed()).stop()).isEqualTo(Stop.of(StopMode.KILL));
    }
}
