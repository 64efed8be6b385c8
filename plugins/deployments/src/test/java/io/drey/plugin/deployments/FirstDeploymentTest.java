package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.LifecycleState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.UpgradeMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 10.2 of the behaviour: the first deployment, and an attempt whose end nobody wrote down. */
class FirstDeploymentTest {
    private static Proposal.Start create(Restore restore) {
        return new Proposal.Start(
                Cause.CREATE, Target.CURRENT, Stop.NONE, restore, true, "deployments/change", "native");
    }

    @Test
    @Tag("S001")
    void s001_deploying_ready_running_stable() {
        var passes = new Passes(Yaml.application("a"));

        passes.start().launch();
        assertThat(passes.reasons()).containsExactly("Submit");
        assertThat(passes.event("Submit").message()).isEqualTo("Starting deployment");
        assertThat(passes.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.DEPLOYED);
        assertThat(passes.status().operation()).isEmpty();

        passes.sees(Seen.available(1)).sees(Seen.unreachable()).rest();
        assertThat(passes.status().jobManagerDeploymentStatus())
                .isEqualTo(JobManagerDeploymentStatus.DEPLOYED_NOT_READY);
        passes.sees(Seen.serving()).rest();
        assertThat(passes.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.READY);
        assertThat(passes.reasons()).isEmpty();

        passes.sees(Seen.job(passes.jobId(), "RUNNING")).rest();
        var status = passes.status();
        assertThat(status.jobStatus().state()).contains(FlinkJobState.RUNNING);
        assertThat(status.jobStatus().jobName()).contains("word count");
        assertThat(status.reconciliationStatus().state()).isEqualTo(ReconciliationState.DEPLOYED);
        assertThat(status.reconciliationStatus().stable()).isTrue();
        assertThat(status.lifecycleState()).contains(LifecycleState.STABLE);
        assertThat(status.clusterInfo()).containsEntry("flink-version", "2.3.0");
        assertThat(status.error()).isEmpty();
    }

    @Test
    @Tag("S001")
    void s001_what_starts_is_looked_at_again_and_what_runs_is_not() {
        var passes = new Passes(Yaml.application("a"));
        passes.start().launch();

        assertThat(passes.proposed()).isEqualTo(new Proposal.Idle(Optional.of(Duration.ofSeconds(10))));
        passes.sees(Seen.available(1)).sees(Seen.job(passes.jobId(), "RUNNING")).rest();
        assertThat(passes.proposed()).isInstanceOf(Proposal.Mark.class);
    }

    @Test
    @Tag("S060")
    void s060_created_suspended_nothing_is_deployed_until_it_is_set_running() {
        var passes = new Passes(Yaml.application("a", "suspended", ""));

        assertThat(passes.proposed()).isEqualTo(Proposal.Idle.NOW);
        passes.rest();
        assertThat(passes.status().reconciliationStatus().lastReconciledSpec()).isEmpty();
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.CREATED);
        assertThat(passes.condition("Ready").holds()).isTrue();

        passes.apply(Yaml.application("a"));
        assertThat(passes.proposed()).isEqualTo(create(Restore.NONE));
    }

    @Test
    @Tag("S061")
    void s061_the_first_run_starts_from_the_initial_savepoint_whatever_the_upgrade_mode() {
        var passes = new Passes(Yaml.application("a", "suspended", "initialSavepointPath: s3://first"));
        passes.rest();

        passes.apply(Yaml.application("a", "running", "initialSavepointPath: s3://first\nupgradeMode: stateless"));

        assertThat(passes.proposed()).isEqualTo(create(Restore.path("s3://first")));
        passes.start();
        assertThat(passes.status().jobStatus().upgradeSavepointPath()).contains("s3://first");
        assertThat(passes.recorded().spec().job().orElseThrow().upgradeMode()).isEqualTo(UpgradeMode.SAVEPOINT);
    }

    @Test
    @Tag("S064")
    void s064_the_intent_is_in_the_status_before_anything_is_submitted() {
        var passes = new Passes(Yaml.application("a", "running", "upgradeMode: last-state"));

        passes.start();

        var status = passes.status();
        assertThat(status.reconciliationStatus().state()).isEqualTo(ReconciliationState.UPGRADING);
        assertThat(status.reconciliationStatus().reconciliationTimestamp()).isEqualTo(Passes.BEGIN.toEpochMilli());
        assertThat(status.observedGeneration()).contains(1L);
        assertThat(status.jobStatus().jobId()).isPresent();
        assertThat(status.jobStatus().state()).isEmpty();
        assertThat(status.jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.MISSING);
        assertThat(status.operation()).isPresent();
        assertThat(passes.recorded().firstDeployment()).isTrue();
        var job = passes.recorded().spec().job().orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.SUSPENDED);
        assertThat(job.upgradeMode()).isEqualTo(UpgradeMode.STATELESS);
        assertThat(passes.reasons()).isEmpty();
    }

    @Test
    @Tag("S064")
    void s064_a_first_deployment_stays_one_until_the_first_upgrade() {
        var passes = Passes.running(Yaml.application("a"));

        assertThat(passes.recorded().firstDeployment()).isTrue();
        assertThat(passes.status().taskManager().orElseThrow().labelSelector())
                .isEqualTo("component=taskmanager,app=job");
        assertThat(passes.status().taskManager().orElseThrow().replicas()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("S065")
    @Tag("S068")
    @Tag("S081")
    void s065_s068_s081_an_attempt_that_had_launched_is_adopted(boolean application) {
        var passes = interrupted(application ? Yaml.application("a") : Yaml.session("a"));

        passes.sees(Seen.starting(1));
        assertThat(passes.proposed()).isInstanceOf(Proposal.Mark.class);
        passes.rest();

        var status = passes.status();
        assertThat(status.reconciliationStatus().state()).isEqualTo(ReconciliationState.DEPLOYED);
        assertThat(status.jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.DEPLOYING);
        if (application) {
            assertThat(passes.recorded().spec().job().orElseThrow().state()).isEqualTo(JobState.RUNNING);
            assertThat(status.jobStatus().state()).contains(FlinkJobState.RECONCILING);
            assertThat(status.taskManager().orElseThrow().replicas()).isEqualTo(2);
        } else {
            assertThat(status.jobStatus().state()).isEmpty();
        }
        assertThat(passes.recorded().firstDeployment()).isTrue();
        assertThat(passes.reasons()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("S066")
    @Tag("S067")
    @Tag("S068")
    void s066_s067_s068_what_is_not_ours_is_not_adopted_and_the_first_deployment_is_repeated(boolean application) {
        var passes = interrupted(
                application ? Yaml.application("a", "running", "initialSavepointPath: s3://first") : Yaml.session("a"));
        var terminating = Seen.deployment(1, 0);
        terminating.withObject("/metadata").put("deletionTimestamp", "2026-11-01T12:00:00Z");
        var unmarked = Seen.deployment(1, 0);
        unmarked.withObject("/metadata").remove("annotations");

        for (var objects : new ClusterObjects[] {
            Seen.starting(7), Seen.objects(terminating), Seen.objects(unmarked), ClusterObjects.ABSENT
        }) {
            passes.sees(objects);
            assertThat(passes.proposed()).isEqualTo(create(application ? Restore.path("s3://first") : Restore.NONE));
            passes.rest();
            assertThat(passes.status().reconciliationStatus().state()).isEqualTo(ReconciliationState.UPGRADING);
        }
    }

    @Test
    @Tag("S066")
    void s066_a_cluster_that_the_status_knows_of_is_not_adopted() {
        var passes = interrupted(Yaml.application("a"));
        passes.status(passes.status().withJobManagerDeploymentStatus(JobManagerDeploymentStatus.READY));

        passes.sees(Seen.starting(1));

        assertThat(passes.proposed()).isInstanceOf(Proposal.Start.class);
    }

    @Test
    @Tag("S082")
    void s082_a_first_deployment_that_failed_takes_the_edited_spec() {
        var passes = new Passes(Yaml.application("bad", "running", "initialSavepointPath: s3://one"));
        passes.start().at(Phase.LAUNCHING).failing(new Failure(ErrorKind.EXTERNAL, "Refused", "quota"));
        assertThat(passes.status().error().orElseThrow()).contains("quota");

        passes.apply(Yaml.application("good", "running", "initialSavepointPath: s3://two"))
                .retarget();

        assertThat(passes.operation().generation()).isEqualTo(2);
        assertThat(passes.operation().cause()).isEqualTo(Cause.CREATE);
        assertThat(passes.operation().restore()).isEqualTo(Restore.path("s3://two"));
        assertThat(passes.status().jobStatus().upgradeSavepointPath()).contains("s3://two");
        assertThat(passes.recorded().spec().image()).contains("good");
        assertThat(passes.recorded().firstDeployment()).isTrue();
        assertThat(passes.status().error()).isEmpty();
    }

    @Test
    @Tag("S060")
    void s060_suspended_before_its_first_launch_it_is_as_if_created_so() {
        var passes = new Passes(Yaml.application("a", "running", "initialSavepointPath: s3://first"));
        passes.start();

        passes.apply(Yaml.application("a", "suspended", "initialSavepointPath: s3://first"))
                .retarget()
                .at(Phase.STOPPED)
                .at(Phase.CLEARED)
                .end();

        assertThat(passes.status().reconciliationStatus().lastReconciledSpec()).isEmpty();
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.CREATED);
        assertThat(passes.reasons()).isEmpty();
        passes.apply(Yaml.application("a", "running", "initialSavepointPath: s3://first"));
        assertThat(passes.proposed()).isEqualTo(create(Restore.path("s3://first")));
    }

    /** The status of the intent, as the Apache operator leaves it, or drops from ours. */
    private static Passes interrupted(String yaml) {
        var passes = new Passes(yaml);
        passes.start();
        FlinkDeploymentStatus status = passes.status();
        return passes.status(status.withoutOperation());
    }
}
