package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Scenario.overrides;
import static io.drey.testkit.FakeFlink.VERTICES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that the Apache operator's autoscaler has scaled, under edits after the switch to Drey. */
class ScaledByAutoscalerTest {
    private static final String A = VERTICES.get(0);
    private static final String B = VERTICES.get(1);
    private static final String ENABLED = "job.autoscaler.enabled: 'true'";
    private static final String TUNED = ENABLED + ", job.autoscaler.memory.tuning.enabled: 'true'";
    private static final String KEY = "pipeline.jobvertex-parallelism-overrides";

    /** Runs with vertex a at 4, and with 2 GiB where memory is tuned, none of which the resource says. */
    private static Stateful takenOver(String keys) {
        var world = Stateful.running("savepoint", Ha.ON);
        world.apply("flink:2.3", "savepoint", "running", keys);
        world.converge();
        record(world, A + ":4", keys.equals(TUNED) ? "2147483648" : "1g");
        world.sim().restart();
        world.pass(3);
        assertThat(world.status().has("operation")).isFalse();
        return world;
    }

    private static void record(Stateful world, String parallelism, String memory) {
        var key = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
        var resource = (ObjectNode) world.sim().kubernetes().peek(key).orElseThrow();
        var recorded = json(world.recorded());
        recorded.withObject("/spec/flinkConfiguration").put(KEY, parallelism);
        recorded.withObject("/spec/taskManager/resource").put("memory", memory);
        resource.withObject("/status/reconciliationStatus")
                .put("lastReconciledSpec", recorded.toString())
                .put("lastStableSpec", recorded.toString());
        world.sim().kubernetes().put(resource);
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String parallelism(Stateful world) {
        return json(world.recorded()).at("/spec/flinkConfiguration").path(KEY).asText();
    }

    private static String memory(Stateful world) {
        return json(world.recorded()).at("/spec/taskManager/resource/memory").asText();
    }

    private static int launches(Stateful world) {
        return world.sim().cluster().started().size();
    }

    @Test
    @DisplayName("an upgrade after the switch carries the parallelism and the memory, and so does the next one")
    void kept_by_launches() {
        var world = takenOver(TUNED);

        for (var image : new String[] {"flink:a", "flink:b"}) {
            world.apply(image, "savepoint", "running", TUNED);
            world.converge();

            assertThat(world.recorded()).contains(image);
            assertThat(parallelism(world)).isEqualTo(A + ":4");
            assertThat(memory(world)).isEqualTo("2147483648");
            assertThat(world.sim().flink().requirements("tests", "job").get(A).upper())
                    .isEqualTo(4);
            world.lostNothing();
        }
    }

    @Test
    @DisplayName("an edit of a key of the autoscaler restarts nothing")
    void edit_of_bookkeeping() {
        var world = takenOver(TUNED);
        int launches = launches(world);

        world.apply("flink:2.3", "savepoint", "running", TUNED + ", job.autoscaler.metrics.window: 10 min");
        world.converge();

        assertThat(launches(world)).isEqualTo(launches);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().path("observedGeneration").asLong()).isEqualTo(3);
    }

    @Test
    @DisplayName("parallelism that the user sets counts, for the vertex that it is about, and so does its removal")
    void edited_parallelism() {
        var world = takenOver(ENABLED);

        world.apply("flink:2.3", "savepoint", "running", ENABLED + overrides(Map.of(B, 3)));
        world.converge();
        assertThat(parallelism(world)).isEqualTo(A + ":4," + B + ":3");

        world.apply("flink:2.3", "savepoint", "running", ENABLED + overrides(Map.of(A, 2, B, 3)));
        world.converge();
        assertThat(parallelism(world)).contains(A + ":2").contains(B + ":3");

        world.apply("flink:2.3", "savepoint", "running", ENABLED + overrides(Map.of(A, 2)));
        world.converge();
        assertThat(parallelism(world)).isEqualTo(A + ":2");
    }

    @Test
    @DisplayName("memory that the user sets counts, also when it was edited while the job was suspended")
    void edited_memory() {
        var world = takenOver(TUNED);
        world.apply("flink:2.3", "savepoint", "suspended", TUNED);
        world.converge();
        assertThat(memory(world)).isEqualTo("2147483648");

        edit(world, "suspended");
        world.converge();
        edit(world, "running");
        world.converge();

        assertThat(memory(world)).isEqualTo("3g");
        assertThat(parallelism(world)).isEqualTo(A + ":4");
        world.lostNothing();
    }

    private static void edit(Stateful world, String state) {
        world.sim()
                .apply(Scenario.application(
                                "flink:2.3",
                                1,
                                state,
                                "savepoint",
                                "{state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints', "
                                        + TUNED + "}")
                        .replace("taskManager:\n    resource: {memory: 1g", "taskManager:\n    resource: {memory: 3g"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"job.autoscaler.enabled: 'false'", "kubernetes.operator.job.autoscaler.enabled: 'false'"})
    @DisplayName("an autoscaler that is switched off takes its settings away")
    void switched_off(String off) {
        var world = takenOver(TUNED);

        world.apply("flink:2.3", "savepoint", "running", off);
        world.converge();

        assertThat(parallelism(world)).isEmpty();
        assertThat(memory(world)).isEqualTo("1g");
        world.lostNothing();
    }

    @Test
    @DisplayName("memory that the user sets counts where the autoscaler has tuned none")
    void edited_memory_untuned() {
        var world = Stateful.running("savepoint", Ha.ON);
        world.apply("flink:2.3", "savepoint", "running", TUNED);
        world.converge();

        edit(world, "running");
        world.converge();

        assertThat(memory(world)).isEqualTo("3g");
    }
}
