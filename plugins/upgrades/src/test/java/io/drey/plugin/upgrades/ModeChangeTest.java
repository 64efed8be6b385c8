package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upgrades to a mode from any other: the state that the next job begins with, and the metadata of the one before. */
class ModeChangeTest {
    private static final ObjectKey RESOURCE =
            new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name());

    private static List<ObjectNode> metadata(Stateful world) {
        return world.sim().kubernetes().peekAll("ConfigMap").stream()
                .filter(map -> map.path("metadata").path("labels").has("configmap-type"))
                .toList();
    }

    private static List<String> uids(List<ObjectNode> objects) {
        return objects.stream()
                .map(object -> object.path("metadata").path("uid").asText())
                .toList();
    }

    private static void replaced(Stateful world, String first, List<String> before) {
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().cluster().started()).hasSize(2);
        assertThat(world.jobId()).isNotEqualTo(first);
        assertThat(uids(metadata(world))).as("metadata of the job before").noneMatch(before::contains);
    }

    @ParameterizedTest
    @CsvSource({"stateless,OFF", "savepoint,OFF", "last-state,OFF", "stateless,ON", "savepoint,ON", "last-state,ON"})
    @Tag("S111")
    @Tag("S112")
    void from_any_mode_to_stateless_the_job_starts_empty_under_another_id_without_metadata(String from, Ha ha) {
        var world = Stateful.running(from, ha);
        var first = world.jobId();
        var before = uids(metadata(world));
        assertThat(before.isEmpty()).isEqualTo(ha == Ha.OFF);

        world.apply("flink:2.4", "stateless");
        world.converge();

        replaced(world, first, before);
        assertThat(world.lastBegun().checkpointId()).isEqualTo(-1);
        assertThat(world.lastBegun().progress()).isZero();
        assertThat(world.sim().flink().log()).containsExactly("cancel " + first);
    }

    @ParameterizedTest
    @CsvSource({"stateless,OFF", "savepoint,OFF", "last-state,OFF", "stateless,ON", "savepoint,ON", "last-state,ON"})
    @Tag("S113")
    void from_any_mode_to_savepoint_the_job_starts_from_it_without_the_metadata_of_the_one_before(String from, Ha ha) {
        var world = Stateful.running(from, ha);
        var first = world.jobId();
        var before = uids(metadata(world));
        assertThat(before.isEmpty()).isEqualTo(ha == Ha.OFF);

        world.apply("flink:2.4", "savepoint");
        world.converge();

        replaced(world, first, before);
        assertThat(world.lastBegun().checkpointId()).isEqualTo(2);
        assertThat(world.sim().flink().log()).containsExactly("stop " + first + " CANONICAL");
        world.lostNothing();
    }

    @Test
    @Tag("S143")
    void a_job_that_the_job_manager_does_not_know_when_it_is_cancelled_hinders_no_stateless_upgrade() {
        var world = Stateful.running("stateless", Ha.OFF);
        var first = world.jobId();
        world.apply("flink:2.4", "stateless");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("RECORDED"));
        world.sim().faults().disturb((effect, happened) -> {
            if (!happened && effect.startsWith("cancel")) {
                world.sim().flink().loses("tests", "job");
            }
        });

        world.converge();

        assertThat(world.sim().flink().log()).containsExactly("cancel " + first);
        replaced(world, first, List.of());
        assertThat(world.lastBegun().checkpointId()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"true,file:/savepoints/by-hand", "false,file:/checkpoints"})
    @Tag("S153")
    void of_checkpoint_and_savepoint_the_newer_one_is_used(boolean savepointIsNewer, String expected) {
        var world = Stateful.running("last-state", Ha.OFF);
        var path = "file:/savepoints/by-hand";
        if (savepointIsNewer) {
            world.sim().flink().checkpoints("tests", "job");
            world.sim().flink().savepoint("tests", "job", path);
        } else {
            world.sim().flink().savepoint("tests", "job", path);
            world.works();
            world.sim().flink().checkpoints("tests", "job");
        }
        world.sim().flink().becomes("tests", "job", "FAILED");
        world.converge();

        assertThat(world.status().path("jobStatus").path("upgradeSavepointPath").asText())
                .startsWith(expected);
        world.apply("flink:2.4", "last-state");
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(3);
        world.lostNothing();
    }
}
