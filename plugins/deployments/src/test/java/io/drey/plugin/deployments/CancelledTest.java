package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.UpgradeMode;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that somebody else cancelled while the spec wants it to run. */
@Tag("S147")
class CancelledTest {
    private static final String LAST_STATE = "upgradeMode: last-state";

    /** Of an application that was launched empty, and has state by now. */
    private static Passes cancelled() {
        var passes = Passes.running(Yaml.application("a", "running", LAST_STATE));
        return passes.sees(Seen.job(passes.jobId(), "CANCELLING"))
                .rest()
                .sees(Seen.job(passes.jobId(), "CANCELED"))
                .rest();
    }

    static final class Stateless implements UpgradeStrategy {
        @Override
        public String name() {
            return "stateless";
        }

        @Override
        public Choice choose(Situation situation) {
            return new Choice.Go(Target.CURRENT, Stop.of(StopMode.KILL), Restore.NONE);
        }
    }

    @Test
    @Tag("S147")
    void s147_it_is_recorded_as_suspended_and_started_again_once() {
        var world = new Simulation(
                new FeatureSets()
                        .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                        .plugin(
                                context -> binder -> Contributions.of(binder)
                                        .feature("stateless", Stability.STABLE)
                                        .strategy(Stateless.class),
                                Clock.systemUTC())
                        .deployer(new FakeDeployer())
                        .build(),
                FlinkConfig.EMPTY);
        var ref = world.apply(Yaml.application("a"));
        world.converge(ref);
        var first = world.cluster().started().getFirst();

        world.flink().becomes("tests", "job", "CANCELED");
        world.converge(ref);

        var status = world.status(ref);
        assertThat(world.cluster().started()).hasSize(2).startsWith(first).doesNotHaveDuplicates();
        assertThat(status.path("jobStatus").path("state").asText()).isEqualTo("RUNNING");
        assertThat(status.path("lifecycleState").asText()).isEqualTo("STABLE");
    }

    @Test
    @Tag("S147")
    void s147_the_record_says_suspended_while_nothing_runs_and_running_afterwards() {
        var passes = cancelled().strategy("last-state", Changes.from("file:///chk-7"));

        passes.start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        assertThat(passes.recorded().spec().job().orElseThrow().state()).isEqualTo(JobState.SUSPENDED);
        assertThat(passes.status().reconciliationStatus().state()).isEqualTo(ReconciliationState.UPGRADING);
        assertThat(passes.status().jobStatus().upgradeSavepointPath()).contains("file:///chk-7");

        passes.at(Phase.CLEARED).at(Phase.LAUNCHING).end();
        assertThat(passes.recorded().spec().job().orElseThrow().state()).isEqualTo(JobState.RUNNING);
        assertThat(passes.recorded().firstDeployment()).isFalse();
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
    }

    @Test
    @Tag("S147")
    void s147_its_state_comes_from_where_its_upgrade_mode_finds_it_and_not_from_how_it_was_launched_last() {
        var passes = cancelled().strategy("last-state", Changes.from("file:///chk-7"));

        assertThat(passes.recorded().spec().job().orElseThrow().upgradeMode()).isEqualTo(UpgradeMode.STATELESS);
        assertThat(passes.proposed()).isInstanceOfSatisfying(Proposal.Start.class, start -> {
            assertThat(start.restore()).isEqualTo(Restore.path("file:///chk-7"));
            assertThat(start.launch()).isTrue();
        });
    }

    @Test
    @Tag("S147")
    void s147_it_stays_cancelled_rather_than_start_empty_when_its_state_is_not_to_be_found() {
        var refusal = new Choice.Refuse(new Failure(ErrorKind.EXTERNAL, "UpgradeFailed", "the checkpoint is unknown"));
        var passes = cancelled().strategy("last-state", refusal);

        assertThat(passes.proposed()).isEqualTo(new Proposal.Refuse(refusal.failure()));
        passes.refused(refusal.failure());
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.CANCELED);
        assertThat(passes.condition("Ready").holds()).isFalse();
    }

    @Test
    @Tag("S147")
    void s147_one_that_is_to_be_suspended_is_not_started_again() {
        var passes = cancelled().strategy("last-state", Changes.from("file:///chk-7"));

        passes.apply(Yaml.application("a", "suspended", LAST_STATE)).start();
        assertThat(passes.operation().launch()).isFalse();

        passes.sees(ClusterObjects.ABSENT).at(Phase.STOPPED).end();
        assertThat(passes.proposed()).isInstanceOf(Proposal.Mark.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FINISHED", "FAILED"})
    @Tag("S147")
    void s147_one_that_ended_by_itself_while_it_was_being_cancelled_is_not_started_again(String state) {
        var passes = Passes.running(Yaml.application("a", "running", LAST_STATE))
                .strategy("last-state", Changes.from("file:///chk-7"));
        passes.sees(Seen.job(passes.jobId(), "CANCELLING")).rest();

        passes.sees(Seen.job(passes.jobId(), state)).rest();

        assertThat(passes.proposed()).isInstanceOf(Proposal.Mark.class);
    }
}
