package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.loop.Requeue;
import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.FakeFlink.Savepoints;
import io.drey.testkit.Faults.Disturbance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @CsvSource({"409,5", "429,5", "500,60", "0,60", "400,300", "403,300", "422,300"})
    @Tag("S011")
    void f36_s011_an_api_server_that_refuses_is_asked_again_and_its_word_is_told_once(int code, int seconds) {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.apply("flink:2.3", "stateless");
        world.pass(2);
        world.sim().faults().disturb(failing("create Deployment", code));

        world.sim().clock().advance(Duration.ofSeconds(15));
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

    @ParameterizedTest
    @ValueSource(ints = {409, 429})
    void what_may_pass_is_no_error_for_a_while(int code) {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.apply("flink:2.3", "stateless");
        world.pass(2);
        world.sim().faults().disturb(failing("create Deployment", code));

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.after(Duration.ofSeconds(5)));

        assertThat(world.status().has("error")).isFalse();
        assertThat(world.reasons()).doesNotContain("Error");
        assertThat(world.condition("Reconciling")).contains("fails in the test");
        world.sim().faults().disturb(Disturbance.NONE);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    /** A webhook or policy, which somebody mends without any edit of the resource. */
    @ParameterizedTest
    @ValueSource(ints = {400, 403, 422})
    void f36_a_launch_that_the_api_server_refuses_is_stalled_and_tried_again(int code) {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.apply("flink:2.4", "savepoint");
        world.passUntil(
                status -> status.path("operation").path("phase").asText().equals("LAUNCHING"));
        world.sim().faults().disturb(failing("create Deployment", code));

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.backOff(Duration.ofMinutes(5)));
        assertThat(world.condition("Stalled")).contains("fails in the test");
        assertThat(world.condition("Reconciling")).contains("fails in the test");

        world.sim().faults().disturb(Disturbance.NONE);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        world.lostNothing();
    }

    @Test
    void an_operation_that_waits_for_its_user_is_looked_at_again() {
        var world = Stateful.running("last-state", Ha.OFF);
        world.apply("flink:2.4", "stateless");
        world.pass(2);
        world.apply("flink:2.4", "last-state");

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.backOff(Duration.ofMinutes(5)));

        assertThat(world.condition("Stalled")).contains("spec.job.initialSavepointPath");
    }

    /** Metadata is not watched: somebody restores it, and nothing tells. */
    @ParameterizedTest
    @CsvSource({"resume,60", "upgrade,60", "resume,15"})
    void what_is_refused_for_what_is_missing_outside_is_tried_again_by_itself(String edit, int seconds) {
        var world = Stateful.running("last-state", Ha.ON);
        var interval = seconds == 60 ? "" : "kubernetes.operator.reconcile.interval: " + seconds + " s";
        if (edit.equals("resume")) {
            world.apply("flink:2.3", "last-state", "suspended", interval);
            world.converge();
        } else {
            world.sim().kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "job"));
            world.sim().cluster().settle();
            world.pass(3);
        }
        var maps = takeMetadata(world);
        world.apply("flink:2.4", "last-state", "running", interval);
        world.pass(3);
        assertThat(world.condition("Stalled")).contains("HA metadata is not available");
        var refused = world.status();
        int events = world.reasons().size();

        for (int passes = 0; passes < 3; passes++) {
            assertThat(world.sim().pass(REF)).isEqualTo(Requeue.after(Duration.ofSeconds(seconds)));
        }

        assertThat(world.status()).isEqualTo(refused);
        assertThat(world.reasons()).hasSize(events);
        maps.forEach(world.sim().kubernetes()::put);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.4");
        world.lostNothing();
    }

    private static List<ObjectNode> takeMetadata(Stateful world) {
        var maps = world.sim().kubernetes().peekAll("ConfigMap").stream()
                .filter(map -> map.path("metadata").path("labels").has("configmap-type"))
                .toList();
        maps.forEach(map -> world.sim().kubernetes().vanish(ObjectKey.of(map)));
        return maps;
    }

    /** Only an edit mends it. */
    @Test
    void what_is_refused_for_the_spec_alone_waits_for_an_edit() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.apply("flink:2.4", "savepoint", "running", "", "savepointRedeployNonce: 1");
        world.pass(3);

        assertThat(world.condition("Stalled")).contains("spec.job.initialSavepointPath is empty");
        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.none());
    }

    /** Another replica wrote the operation, and its clock is an hour ahead. */
    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "last-state,OFF", "last-state,ON"})
    void an_operation_from_the_future_is_neither_looked_at_all_the_time_nor_waited_with(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.apply("flink:2.4", mode);
        world.passUntil(status -> status.has("operation"));
        var resource = (ObjectNode) world.sim()
                .kubernetes()
                .peek(new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name()))
                .orElseThrow();
        var ahead = world.sim().clock().instant().plus(Duration.ofHours(1)).toString();
        resource.withObject("/status/operation").put("phaseAt", ahead).put("startedAt", ahead);
        world.sim().kubernetes().put(resource);
        world.sim().restart();

        int soon = 0;
        for (int passes = 0; passes < 12; passes++) {
            soon += world.sim().pass(REF).equals(Requeue.after(Duration.ofMillis(100))) ? 1 : 0;
            world.sim().cluster().settle();
            world.sim().clock().advance(Duration.ofSeconds(5));
        }
        // A wait that has just begun is looked at so often, once.
        assertThat(soon).isLessThan(4);
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.4");
        world.lostNothing();
    }

    @Test
    void an_event_that_is_told_once_reaches_listeners_once() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.apply("flink:2.3", "savepoint", "running", "kubernetes.operator.job.savepoint-on-deletion: 'true'");
        world.converge();
        world.sim().flink().becomes("tests", "job", "FAILING");
        world.sim().delete(REF);

        world.pass(10);

        assertThat(world.sim().reports().stream()
                        .flatMap(report -> report.events().stream())
                        .filter(event -> event.reason().equals("CleanupFailed")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"cause,MIGRATE", "phase,WARMING", "target,NEXT", "id,x"})
    void an_operation_of_a_newer_version_is_held_and_kept_as_it_was_written(String field, String value) {
        var world = Stateful.running("savepoint", Ha.OFF);
        var written = newer(world, field, value);
        world.apply("flink:2.5", "savepoint");

        for (int passes = 0; passes < 5; passes++) {
            assertThat(world.sim().pass(REF)).isEqualTo(Requeue.after(Duration.ofMinutes(5)));
        }

        assertThat(world.status().path("operation")).isEqualTo(written);
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.sim().flink().log()).isEmpty();
        assertThat(world.condition("Stalled")).contains(field).contains(value).contains("version of Drey");
    }

    @Test
    void a_resource_with_an_operation_of_a_newer_version_can_be_deleted() {
        var world = Stateful.running("savepoint", Ha.OFF);
        newer(world, "cause", "MIGRATE");
        world.sim().delete(REF);

        world.converge();

        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().kubernetes().peekAll("Deployment")).isEmpty();
    }

    private static JsonNode newer(Stateful world, String field, String value) {
        world.sim().flink().savepoints(Savepoints.HANGING);
        world.apply("flink:2.4", "savepoint");
        world.pass();
        var resource = (ObjectNode) world.sim()
                .kubernetes()
                .peek(new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name()))
                .orElseThrow();
        var operation = resource.withObject("/status/operation");
        operation.put(field, value).put("onlyNewer", "kept");
        world.sim().kubernetes().put(resource);
        world.sim().restart();
        world.sim().flink().savepoints(Savepoints.GOOD);
        return operation.deepCopy();
    }

    @ParameterizedTest
    @CsvSource({
        "last-state,kubernetes.operator.job.upgrade.last-state.job-cancel.enabled",
        "last-state,kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age",
    })
    void a_misspelt_value_of_the_operators_configuration_is_told_by_key_and_value(String mode, String key) {
        var world = Stateful.running(mode, Ha.ON);
        world.sim()
                .defaults(new FlinkConfig(Map.of(
                        "high-availability.type",
                        "kubernetes",
                        "high-availability.storageDir",
                        "file:/ha",
                        key,
                        "ture")));
        world.apply("flink:2.4", mode);

        world.pass(3);

        assertThat(world.condition("Stalled")).contains(key).contains("ture").contains("must be");
        assertThat(world.job()).isEqualTo("RUNNING");
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
        for (int passes = 0; passes < 400; passes++) {
            patient += world.sim().pass(REF).equals(PATIENT) ? 1 : 0;
            world.sim().cluster().settle();
            world.sim().clock().advance(Duration.ofSeconds(30));
        }

        assertThat(patient).isGreaterThan(20);
        assertThat(world.sim().flink().log()).hasSizeGreaterThan(20);
        assertThat(world.sim().cluster().started()).hasSize(1);
        world.sim().flink().savepoints(Savepoints.GOOD);
        world.sim().clock().advance(Duration.ofMinutes(10));
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
