package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code spec.jobManager.replicas} above 1: the others stand by, and lead when the leader is lost. */
class StandbyJobManagersTest {
    private static World running(String mode) {
        var world = World.running(mode, World.HA, "");
        world.edit(spec -> spec.withObject("/jobManager").put("replicas", 2));
        world.converge();
        world.checkpointed();
        assertThat(world.pods()).hasSize(2);
        return world;
    }

    /** Without what Flink gives a job that it takes up again. */
    private static JsonNode said(World world) {
        ObjectNode status = world.status().deepCopy();
        status.withObject("/jobStatus").remove("startTime");
        return status;
    }

    @ParameterizedTest
    @ValueSource(strings = {"last-state", "savepoint", "stateless"})
    void they_come_with_an_upgrade_and_go_with_one(String mode) {
        var world = running(mode);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.manager()).isEqualTo("READY");
        assertThat(world.launches()).isEqualTo(2);

        world.edit(spec -> spec.withObject("/jobManager").put("replicas", 1));
        world.converge();

        assertThat(world.pods()).hasSize(1);
        assertThat(world.launches()).isEqualTo(3);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        if (!mode.equals("stateless")) {
            world.lostNothing("upgraded");
        }
    }

    @Test
    void the_loss_of_one_is_flinks_business_and_changes_nothing() {
        var world = running("last-state");
        var before = said(world);
        var events = world.sim().kubernetes().events();

        world.sim().cluster().losesJobManager("tests", "job");
        world.converge();

        assertThat(world.manager()).isEqualTo("READY");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.condition("Ready")).isEqualTo("runs, as the spec asks");
        assertThat(said(world)).isEqualTo(before);
        assertThat(world.sim().kubernetes().events()).isEqualTo(events);
        assertThat(world.launches()).isEqualTo(2);
        world.lostNothing("failed over");

        world.sim().cluster().jobManagersReturn("tests", "job");
        world.converge();

        assertThat(said(world)).isEqualTo(before);
        assertThat(world.pods()).hasSize(2);
    }

    @Test
    void the_loss_of_all_is_not_the_loss_of_their_deployment() {
        var world = running("last-state");

        world.sim().cluster().losesJobManager("tests", "job");
        world.pass();
        world.sim().cluster().losesJobManager("tests", "job");
        world.pass(5);

        assertThat(world.manager()).isEqualTo("DEPLOYING");
        assertThat(world.job()).isEqualTo("RECONCILING");
        assertThat(world.launches()).isEqualTo(2);

        world.sim().cluster().jobManagersReturn("tests", "job");
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.launches()).isEqualTo(2);
        assertThat(world.events("RecoverDeployment")).isEmpty();
        assertThat(world.events("Missing")).isEmpty();
        world.lostNothing("came back");
    }

    @Test
    void a_lost_deployment_comes_back_with_all_of_them() {
        var world = running("last-state");
        world.deleteJobManager();
        world.sim().cluster().settle();

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.pods()).hasSize(2);
        assertThat(world.launches()).isEqualTo(3);
        assertThat(world.events("RecoverDeployment")).hasSize(1);
        world.lostNothing("recovered");
    }

    /** One that is left would write its metadata anew, or take the job up as it was submitted before. */
    @ParameterizedTest
    @CsvSource({"last-state, 0", "last-state, 2", "savepoint, 0", "savepoint, 2", "stateless, 0", "stateless, 2"})
    void an_upgrade_waits_for_the_last_of_them(String mode, int lingers) {
        var world = running(mode);
        world.sim().cluster().lingers(lingers);
        world.edit(spec -> spec.put("image", "flink:2.4"));

        boolean sawOne = false;
        for (int passes = 0; passes < 30; passes++) {
            world.pass();
            boolean launched = world.image().equals("flink:2.4");
            assertThat(launched && world.launches() == 2 && !world.pods().isEmpty())
                    .as("launched beside %s", world.pods())
                    .isFalse();
            sawOne |= world.pods().size() == 1;
        }
        world.converge();

        assertThat(sawOne).isTrue();
        assertThat(world.image()).isEqualTo("flink:2.4");
        assertThat(world.launches()).isEqualTo(3);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        if (!mode.equals("stateless")) {
            world.lostNothing("upgraded");
        }
    }

    /** The new leader does not know what the old one was asked for. */
    @Test
    void c6_a_leader_that_is_lost_while_it_saves_costs_another_savepoint_and_no_state() {
        var world = running("savepoint");
        world.edit(spec -> spec.put("image", "flink:2.4"));
        world.passUntil(status -> world.sim().flink().log().stream().anyMatch(call -> call.startsWith("stop")));

        world.sim().cluster().losesJobManager("tests", "job");
        world.converge();

        assertThat(world.image()).isEqualTo("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing("upgraded");
    }

    @Test
    void a_standby_that_does_not_start_takes_nothing_from_the_leader() {
        var world = running("last-state");
        world.sim().cluster().losesJobManager("tests", "job");
        world.sim().cluster().waits("tests", "job", "ImagePullBackOff", "Back-off pulling image");

        world.converge();

        assertThat(world.manager()).isEqualTo("READY");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.error()).isEmpty();
    }

    @Test
    void a_rollback_brings_them_back() {
        var world = World.running("last-state", World.HA, "kubernetes.operator.deployment.rollback.enabled: 'true'");
        world.edit(spec -> spec.withObject("/jobManager").put("replicas", 2));
        world.pass(10);
        world.later(Duration.ofMinutes(2));
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.edit(spec -> {
            spec.put("image", "flink:crashing");
            spec.withObject("/jobManager").put("replicas", 3);
        });

        world.pass(10);
        world.later(Duration.ofMinutes(6));
        world.converge();

        assertThat(world.reconciliation()).isEqualTo("ROLLED_BACK");
        assertThat(world.image()).isEqualTo("flink:2.3");
        assertThat(world.pods()).hasSize(2);
        world.lostNothing("rolled back");
    }

    @Test
    void a_session_cluster_has_them_too() {
        var world = World.empty(World.HA);
        world.apply("flink:2.3", "session", "");
        world.edit(spec -> spec.withObject("/jobManager").put("replicas", 2));
        world.converge();
        assertThat(world.pods()).hasSize(2);
        var before = said(world);

        world.sim().cluster().losesJobManager("tests", "job");
        world.converge();

        assertThat(said(world)).isEqualTo(before);
        assertThat(List.of(world.manager(), world.lifecycle())).containsExactly("READY", "STABLE");
    }
}
