package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.loop.Requeue;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Proposal;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.FeatureSets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deletion of a job whose savepoint was asked for: in the middle of an operation, and where none can be taken. */
class DeletionTest {
    private static final String SAVED = "kubernetes.operator.job.savepoint-on-deletion: 'true'";
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");

    private static Stateful running(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.apply("flink:2.3", mode, "running", SAVED);
        world.converge();
        return world;
    }

    private static void terminate(Stateful world) {
        var namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", "tests").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        world.sim().kubernetes().put(namespace);
    }

    private static void jobManagerIsDeleted(Stateful world) {
        world.sim().kubernetes().userDeletes(DEPLOYMENT);
        world.sim().cluster().settle();
    }

    @ParameterizedTest
    @CsvSource({"stateless,OFF", "last-state,OFF", "last-state,ON", "savepoint,OFF"})
    @Tag("S180")
    void a_savepoint_is_taken_before_an_operation_that_has_touched_nothing(String mode, Ha ha) {
        var world = running(mode.equals("stateless") ? "savepoint" : mode, ha);
        world.apply("flink:2.4", mode, "running", SAVED);
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("RECORDED"));
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().flink().storage().get(world.newestSavepoint())).isPresent();
        assertThat(world.sim().cluster().started()).hasSize(1);
    }

    @Test
    @Tag("S180")
    void a_savepoint_of_an_upgrade_that_is_in_flight_is_taken_over() {
        var world = running("savepoint", Ha.OFF);
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", "savepoint", "running", SAVED);
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("STOPPING"));
        world.sim().delete(REF);
        world.pass(2);
        world.sim().flink().savepoints(Savepoints.GOOD);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().flink().log()).hasSize(1);
        assertThat(world.newestSavepoint()).isNotEmpty();
    }

    /** The upgrade itself has taken the job down: nothing is left to save, and what there is lies where it was. */
    @ParameterizedTest
    @CsvSource({"stateless,OFF", "last-state,OFF", "last-state,ON", "savepoint,OFF"})
    void wherever_it_comes_in_an_upgrade_the_resource_goes(String mode, Ha ha) {
        for (int passes = 1; passes < 12; passes++) {
            var world = running(mode.equals("stateless") ? "savepoint" : mode, ha);
            world.apply("flink:2.4", mode, "running", SAVED);
            world.pass(passes);
            world.sim().delete(REF);

            world.converge();

            assertThat(world.sim().exists(REF))
                    .as("after pass %s: %s", passes, world.sim().exists(REF) ? world.status() : "gone")
                    .isFalse();
            assertThat(world.sim().kubernetes().peekAll("Deployment")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ORPHAN,0", "BACKGROUND,1"})
    void a_job_whose_cluster_is_orphaned_is_not_cancelled(String propagation, int cancelled) {
        var world = running("last-state", Ha.OFF);
        world.apply(
                "flink:2.3",
                "last-state",
                "running",
                "kubernetes.operator.resource.deletion.propagation: " + propagation);
        world.converge();
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().flink().log()).hasSize(cancelled);
    }

    @Test
    @Tag("S182")
    void a_job_manager_that_is_gone_is_told_with_the_key_and_asked_for_slowly() {
        var world = running("savepoint", Ha.OFF);
        jobManagerIsDeleted(world);
        world.sim().delete(REF);
        world.pass(3);

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.after(Duration.ofSeconds(10)));

        assertThat(world.condition("Reconciling"))
                .contains("the JobManager Deployment is gone")
                .contains("kubernetes.operator.job.savepoint-on-deletion");
        world.apply("flink:2.3", "savepoint", "running", "kubernetes.operator.job.savepoint-on-deletion: 'false'");
        world.converge();
        assertThat(world.sim().exists(REF)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"OFF", "ON"})
    void in_a_namespace_that_is_deleted_nothing_waits_for_a_job_manager_that_is_gone(Ha ha) {
        var world = running("savepoint", ha);
        jobManagerIsDeleted(world);
        terminate(world);
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
    }

    @Test
    void in_a_namespace_that_is_deleted_nothing_waits_for_a_job_that_does_not_run() {
        var world = running("savepoint", Ha.OFF);
        world.sim().flink().becomes("tests", "job", "FAILING");
        terminate(world);
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"OFF", "ON"})
    void a_job_that_never_ran_and_restored_nothing_has_nothing_to_save(Ha ha) {
        var world = new Stateful(Scenario.start(ha));
        world.apply("flink:2.3", "savepoint", "running", SAVED);
        world.pass(3);
        world.sim().flink().silent("tests", "job", true);
        world.pass(3);
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "flink:crashing,savepoint,OFF",
        "flink:crashing,savepoint,ON",
        "flink:crashing,last-state,ON",
        "flink:unpullable,savepoint,ON",
        "flink:missing,last-state,ON"
    })
    void a_first_launch_whose_job_manager_never_comes_up_has_nothing_to_save(String image, String mode, Ha ha) {
        var world = new Stateful(Scenario.start(ha));
        world.apply(image, mode, "running", SAVED);
        world.pass(20);
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().kubernetes().peek(DEPLOYMENT)).isEmpty();
    }

    @Test
    void a_misspelt_wish_for_a_savepoint_is_taken_for_one() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim()
                .defaults(new FlinkConfig(Map.of(
                        "state.savepoints.dir",
                        "file:/savepoints",
                        "kubernetes.operator.job.savepoint-on-deletion",
                        "ture")));
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.newestSavepoint()).isNotEmpty();
    }

    /** Another plugin holds the deletion, as that of a session cluster with jobs. */
    @Test
    void who_blocks_a_deletion_is_asked_in_the_middle_of_an_operation_too() {
        var blocking = new Blocking();
        var world = new Stateful(Scenario.start(new FeatureSets().proposer(blocking)));
        world.apply("flink:2.3", "stateless");
        world.converge();
        world.apply("flink:2.4", "stateless");
        world.pass(2);
        world.sim().delete(REF);

        world.pass(8);

        assertThat(world.sim().exists(REF)).isTrue();
        assertThat(world.condition("Reconciling")).contains("jobs are left");
        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.after(Duration.ofSeconds(10)));
        blocking.blocks = false;
        world.converge();
        assertThat(world.sim().exists(REF)).isFalse();
    }

    private static final class Blocking implements Proposer {
        private boolean blocks = true;

        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public Tier tier() {
            return Tier.DELETE;
        }

        @Override
        public Proposal propose(Situation situation) {
            return blocks ? new Proposal.Block("jobs are left", List.of(), Duration.ofSeconds(10)) : Proposal.Idle.NOW;
        }
    }
}
