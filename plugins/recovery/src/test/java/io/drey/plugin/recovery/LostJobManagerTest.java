package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JobManager Deployments that somebody deleted (behaviour 4.1, F10). */
class LostJobManagerTest {
    @ParameterizedTest
    @ValueSource(strings = {"last-state", "savepoint", "stateless"})
    @Tag("S220")
    @Tag("S225")
    void s220_s225_it_is_made_again_from_the_same_spec_with_the_state_that_metadata_knows(String mode) {
        var world = World.running(mode, World.HA, "");
        var id = world.status().path("jobStatus").path("jobId").asText();
        world.deleteJobManager();

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isEqualTo(1);
        assertThat(world.status().path("jobStatus").path("jobId").asText()).isEqualTo(id);
        assertThat(world.reconciliation()).isEqualTo("DEPLOYED");
        assertThat(world.events("RecoverDeployment")).hasSize(1);
        assertThat(world.events("Missing")).isNotEmpty();
        assertThat(world.status().has("error")).isFalse();
        assertThat(world.recorded()).contains("\"upgradeMode\":\"last-state\"").isEqualTo(world.stable());
        world.lostNothing("recovered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"last-state", "savepoint", "stateless"})
    @Tag("S220")
    void s220_one_that_was_scaled_to_no_replicas_comes_back_with_the_state_that_metadata_knows(String mode) {
        var world = World.running(mode, World.HA, "");
        world.scaleJobManager(0);

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.sim().flink().begun().getLast().checkpointId()).isEqualTo(1);
        assertThat(world.events("RecoverDeployment").getFirst().message()).contains("scaled to 0 replicas");
        assertThat(world.events("ScaledToZero")).hasSize(1);
        world.lostNothing("recovered");
    }

    @Test
    @Tag("S220")
    void s220_without_high_availability_one_that_was_scaled_to_no_replicas_is_reported_until_it_is_scaled_back() {
        var stateful = World.running("savepoint", Map.of(), "");
        stateful.scaleJobManager(0);
        stateful.pass(10);
        assertThat(stateful.launches()).isEqualTo(1);
        assertThat(stateful.condition("Stalled"))
                .contains("scaled to 0 replicas")
                .contains("initialSavepointPath");

        stateful.scaleJobManager(1);
        stateful.converge();
        assertThat(stateful.lifecycle()).isEqualTo("STABLE");
        assertThat(stateful.condition("Ready")).isEqualTo("runs, as the spec asks");

        var off = World.running("savepoint", World.HA, "kubernetes.operator.jm-deployment-recovery.enabled: 'false'");
        off.scaleJobManager(0);
        off.pass(10);
        assertThat(off.condition("Ready")).contains("scaled to 0 replicas").contains("kubectl scale deployment job");
        assertThat(off.launches()).isEqualTo(1);

        var session = World.empty(Map.of());
        session.apply("flink:2.3", "session", "");
        session.converge();
        session.scaleJobManager(0);
        session.pass(10);
        assertThat(session.condition("Ready")).contains("kubectl scale deployment job");
    }

    @Test
    @Tag("S220")
    void s220_no_replicas_in_a_cache_that_lags_are_confirmed_before_anything_is_done() {
        var world = World.running("last-state", World.HA, "");
        world.scaleJobManager(0);
        world.sim().kubernetes().cache().lags("Deployment");
        world.scaleJobManager(1);

        world.pass(20);

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.events("RecoverDeployment")).isEmpty();
        assertThat(world.events("ScaledToZero")).isEmpty();
    }

    @Test
    @Tag("S220")
    void s220_switched_off_it_is_missed_and_that_is_all() {
        var world =
                World.running("last-state", World.HA, "kubernetes.operator.jm-deployment-recovery.enabled: 'false'");
        world.deleteJobManager();

        world.pass(10);

        assertThat(world.manager()).isEqualTo("MISSING");
        assertThat(world.error()).contains("Missing JobManager deployment");
        assertThat(world.launches()).isEqualTo(1);
    }

    @Test
    @Tag("S221")
    void s221_without_high_availability_a_stateless_job_starts_again_and_one_with_state_does_not() {
        var stateless = World.running("stateless", Map.of(), "");
        stateless.deleteJobManager();
        stateless.converge();
        assertThat(stateless.lifecycle()).isEqualTo("STABLE");
        assertThat(stateless.launches()).isEqualTo(2);

        var stateful = World.running("savepoint", Map.of(), "");
        stateful.deleteJobManager();
        stateful.pass(10);
        assertThat(stateful.launches()).isEqualTo(1);
        assertThat(stateful.manager()).isEqualTo("MISSING");
        assertThat(stateful.condition("Stalled"))
                .contains("initialSavepointPath")
                .contains("Manual restore required.");
    }

    @Test
    @Tag("S221")
    void s221_an_edit_in_the_middle_that_wants_the_state_does_not_make_the_job_start_empty() {
        var world = World.running("stateless", Map.of(), "");
        world.deleteJobManager();
        world.passUntil(status -> status.at("/operation/cause").asText().equals("RECOVER"));
        world.apply("flink:2.4", "savepoint", "");

        world.pass(10);

        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.condition("Stalled")).contains("initialSavepointPath");
    }

    @Test
    @Tag("S221")
    void s221_an_edit_that_is_not_admitted_does_not_make_a_job_with_state_start_empty() {
        var world = World.running("savepoint", Map.of(), "");
        world.apply("flink:2.4", "savepoint", "test.refused: x");
        world.pass(3);
        world.deleteJobManager();

        world.pass(10);

        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.manager()).isEqualTo("MISSING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"last-state", "stateless"})
    @Tag("S223")
    void s223_without_its_metadata_it_is_not_started_and_that_is_told_and_tried_again(String mode) {
        var world = World.running(mode, World.HA, "");
        world.deleteJobManager();
        world.loseMetadata();

        world.pass(10);

        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.error()).contains("HA metadata is not available");
        assertThat(world.lifecycle()).isEqualTo("FAILED");
        assertThat(world.events("RestoreFailed")).isNotEmpty();
    }

    @Test
    @Tag("S221b")
    void s221b_one_that_does_not_come_up_is_not_lost() {
        var world = World.empty(World.HA);
        world.apply("flink:crashing", "last-state", "");

        world.pass(20);

        assertThat(world.manager()).isEqualTo("ERROR");
        assertThat(world.events("CrashLoopBackOff")).hasSize(1);
        assertThat(world.events("RecoverDeployment")).isEmpty();
    }

    @Test
    @Tag("S222")
    @Tag("S224")
    void s222_a_session_cluster_comes_back_where_high_availability_keeps_its_jobs() {
        var world = World.empty(World.HA);
        world.apply("flink:2.3", "session", "");
        world.converge();
        world.deleteJobManager();

        world.converge();

        assertThat(world.manager()).isEqualTo("READY");
        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.sim()
                        .kubernetes()
                        .peek(World.DEPLOYMENT)
                        .orElseThrow()
                        .path("metadata")
                        .path("ownerReferences"))
                .isNotEmpty();

        var without = World.empty(Map.of());
        without.apply("flink:2.3", "session", "");
        without.converge();
        without.deleteJobManager();
        without.pass(10);
        assertThat(without.launches()).isEqualTo(1);
        assertThat(without.condition("Reconciling")).contains("without high availability");
    }

    @Test
    @Tag("S138")
    void s138_it_is_recovered_with_the_deployed_spec_while_an_upgrade_waits() {
        var world = World.running("savepoint", World.HA, "");
        world.sim().flink().becomes("tests", "job", "RESTARTING");
        world.apply("flink:2.4", "savepoint", "kubernetes.operator.job.upgrade.last-state-fallback.enabled: 'false'");
        world.pass(5);
        assertThat(world.launches()).isEqualTo(1);
        world.deleteJobManager();

        world.passUntil(status -> world.launches() == 2);

        assertThat(world.image()).isEqualTo("flink:2.3");
        world.converge();
        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing("recovered, and upgraded");
    }

    @Test
    @Tag("S221c")
    void s221c_an_edit_goes_before_recovery() {
        var world = World.running("last-state", World.HA, "");
        world.deleteJobManager();
        world.apply("flink:2.4", "last-state", "");

        world.converge();

        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.events("RecoverDeployment")).isEmpty();
        assertThat(world.recorded()).contains("flink:2.4");
        world.lostNothing("upgraded");
    }

    @Test
    @Tag("S150")
    void s150_a_job_that_has_ended_needs_no_job_manager() {
        var world = World.running("last-state", World.HA, "");
        world.sim().flink().becomes("tests", "job", "FINISHED");
        world.converge();
        world.deleteJobManager();

        world.pass(10);

        assertThat(world.job()).isEqualTo("FINISHED");
        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.events("Missing")).isEmpty();
        assertThat(world.status().has("error")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FINISHED", "FAILED"})
    @Tag("S167")
    void s167_the_job_manager_of_a_job_that_has_ended_is_removed_once_after_its_time(String state) {
        var world = World.running("last-state", World.HA, "kubernetes.operator.jm-deployment.shutdown-ttl: 1 h");
        world.sim().flink().becomes("tests", "job", state);
        world.converge();
        world.later(Duration.ofMinutes(50));
        assertThat(world.sim().kubernetes().peek(World.DEPLOYMENT)).isPresent();

        world.later(Duration.ofMinutes(10));
        world.later(Duration.ofHours(2));

        assertThat(world.sim().kubernetes().peek(World.DEPLOYMENT)).isEmpty();
        assertThat(world.manager()).isEqualTo("MISSING");
        assertThat(world.job()).isEqualTo(state);
        assertThat(world.launches()).isEqualTo(1);
        assertThat(world.sim().kubernetes().log())
                .filteredOn("delete Deployment tests/job"::equals)
                .hasSize(1);
    }
}
