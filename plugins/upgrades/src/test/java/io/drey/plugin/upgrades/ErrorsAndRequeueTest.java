package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.loop.Requeue;
import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.Faults.Disturbance;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F36: who can mend an error decides when it is tried again; it is told once, and never given up. */
class ErrorsAndRequeueTest {
    private static final Requeue PATIENT = Requeue.backOff(Duration.ofMinutes(1));

    private static Disturbance failing(String what, int code) {
        return (effect, happened) -> {
            if (!happened && effect.startsWith(what)) {
                throw new KubernetesError(code, what + " fails in the test");
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"409,5", "429,5", "500,60", "403,60", "0,60"})
    @Tag("S011")
    void f36_s011_an_api_server_that_refuses_is_asked_again_and_its_word_is_told_once(int code, int seconds) {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.apply("flink:2.3", "stateless");
        world.pass(2);
        world.sim().faults().disturb(failing("create Deployment", code));

        for (int passes = 0; passes < 20; passes++) {
            assertThat(world.sim().pass(REF)).isEqualTo(Requeue.backOff(Duration.ofSeconds(seconds)));
        }

        assertThat(world.status().path("error").asText()).contains("fails in the test");
        assertThat(world.reasons()).containsOnlyOnce("Error");
        assertThat(world.status().path("operation").path("phase").asText()).isEqualTo("LAUNCHING");
        world.sim().faults().disturb(Disturbance.NONE);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().has("error")).isFalse();
    }

    @Test
    void f36_a_request_that_the_api_server_calls_wrong_waits_for_an_edit() {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.apply("flink:2.3", "stateless");
        world.pass(2);
        world.sim().faults().disturb(failing("create Deployment", 422));

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.none());
        assertThat(world.condition("Stalled")).contains("fails in the test");

        world.sim().faults().disturb(Disturbance.NONE);
        world.apply("flink:2.4", "stateless");
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    @Test
    void f36_a_spec_that_cannot_be_rendered_waits_for_an_edit() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.apply("flink:2.4", "savepoint", "running", "test.render-error: 'taskmanager.memory: found x'");

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.none());
        assertThat(world.condition("Stalled")).contains("taskmanager.memory: found x");
    }

    @Test
    @Tag("S140")
    @Tag("S055")
    void f36_s140_s055_a_flink_that_refuses_is_asked_again_for_ever_and_each_time_under_another_id() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim().flink().savepoints(Savepoints.FAILING);
        world.apply("flink:2.4", "savepoint");

        int patient = 0;
        for (int passes = 0; passes < 200; passes++) {
            patient += world.sim().pass(REF).equals(PATIENT) ? 1 : 0;
            world.sim().cluster().settle();
            world.sim().clock().advance(Duration.ofSeconds(1));
        }

        assertThat(patient).isGreaterThan(20);
        assertThat(world.sim().flink().log()).hasSizeGreaterThan(20);
        assertThat(world.sim().cluster().started()).hasSize(1);
        world.sim().flink().savepoints(Savepoints.GOOD);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    @Test
    @Tag("S223")
    void f36_s223_metadata_that_is_missing_is_looked_for_again_and_the_operation_stays() {
        var world = Stateful.running("last-state", Ha.ON);
        world.apply("flink:2.4", "last-state");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("LAUNCHING"));
        var maps = world.sim().kubernetes().peekAll("ConfigMap").stream()
                .filter(map -> map.path("metadata").path("labels").has("configmap-type"))
                .toList();
        maps.forEach(map -> world.sim().kubernetes().vanish(io.drey.spi.plan.ObjectKey.of(map)));
        world.pass(2);

        assertThat(world.sim().pass(REF)).isEqualTo(PATIENT);
        assertThat(world.status().has("operation")).isTrue();

        maps.forEach(world.sim().kubernetes()::put);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing();
    }

    @Test
    void f36_a_lost_answer_to_a_status_write_is_found_out_by_the_next_pass() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.apply("flink:2.4", "savepoint");
        int[] lost = {6};
        world.sim().faults().disturb((effect, happened) -> {
            if (happened && effect.startsWith("status") && lost[0]-- > 0) {
                throw new KubernetesError(0, "no answer in the test");
            }
        });

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().flink().log()).hasSize(1);
        world.lostNothing();
    }
}
