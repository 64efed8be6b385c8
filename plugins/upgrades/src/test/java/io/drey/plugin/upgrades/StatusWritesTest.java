package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.loop.Requeue;
import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import io.drey.testkit.Faults.Disturbance;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes of the status that meet somebody else's, or no API server: what was recorded decides, and nothing happens twice. */
class StatusWritesTest {
    private static final ObjectKey RESOURCE =
            new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name());

    private final Stateful world = Stateful.running("savepoint", Ha.OFF);

    /** This happens once, between what the next pass reads and the status that it writes. */
    private void beforeTheWrite(Runnable happens) {
        world.sim().faults().disturb((effect, happened) -> {
            if (!happened && effect.startsWith("status")) {
                world.sim().faults().disturb(Disturbance.NONE);
                happens.run();
            }
        });
    }

    @Test
    @Tag("S022")
    void s022_a_resource_that_is_gone_by_then_is_not_made_again_and_nothing_is_started_for_it() {
        world.apply("flink:2.4", "savepoint");
        beforeTheWrite(() -> world.sim().kubernetes().vanish(RESOURCE));

        assertThat(world.sim().pass(REF)).isInstanceOf(Requeue.BackOff.class);

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.none());
        assertThat(world.sim().exists(REF)).isFalse();
        assertThat(world.sim().flink().log()).isEmpty();
    }

    @Test
    @Tag("S023")
    void s023_an_edit_of_the_spec_at_that_moment_costs_neither_the_edit_nor_the_status() {
        world.apply("flink:2.4", "savepoint");
        beforeTheWrite(() -> world.apply("flink:2.5", "savepoint"));
        world.pass();
        assertThat(world.status().has("operation")).isFalse();

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.5");
        assertThat(world.sim().cluster().started()).hasSize(2);
        world.lostNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    @Tag("S024")
    void s024_what_somebody_else_wrote_is_gone_on_from_wherever_it_comes(int passes) {
        world.apply("flink:2.4", "savepoint");
        world.pass(passes);
        beforeTheWrite(() -> {
            var resource = (ObjectNode) world.sim().kubernetes().peek(RESOURCE).orElseThrow();
            resource.withObject("/status").put("error", "written by somebody else");
            world.sim().kubernetes().put(resource);
        });

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().has("error")).isFalse();
        assertThat(world.sim().flink().log()).hasSize(1);
        assertThat(world.sim().cluster().started()).hasSize(2);
        world.lostNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("S025")
    void s025_a_pass_writes_once_and_one_that_failed_is_made_up_for_by_a_later_pass(boolean written) {
        world.apply("flink:2.4", "savepoint");
        int[] writes = {0};
        world.sim().faults().disturb((effect, happened) -> {
            if (happened == written && effect.startsWith("status")) {
                writes[0]++;
                throw new KubernetesError(500, "in the test");
            }
        });

        for (int passes = 1; passes <= 2; passes++) {
            assertThat(world.sim().pass(REF)).isInstanceOf(Requeue.BackOff.class);
            assertThat(writes[0]).isEqualTo(passes);
        }

        world.sim().faults().disturb(Disturbance.NONE);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.sim().flink().log()).hasSize(1);
        world.lostNothing();
    }

    @Test
    @Tag("S026")
    void s026_what_was_recorded_is_begun_at_once_and_what_stands_still_is_not_hurried() {
        assertThat(world.sim().pass(REF)).isNotEqualTo(Requeue.now());
        world.apply("flink:2.4", "savepoint");

        assertThat(world.sim().pass(REF)).isEqualTo(Requeue.now());

        assertThat(world.status().path("operation").path("phase").asText()).isEqualTo("RECORDED");
        world.converge();
        assertThat(world.sim().pass(REF)).isNotEqualTo(Requeue.now());
    }

    /** Each write of the status is time that the job does not run: what must survive a crash, and what people are to see. */
    @ParameterizedTest
    @CsvSource({
        // recorded, stopping, saved, going down, launching, launched, starting, running
        "savepoint, status status status delete status delete status create create create status status status",
        // recorded, going down, launching, launched, starting, running
        "last-state, status delete status patch status create create create status status status"
    })
    void an_upgrade_writes_no_more_than_it_must(String upgradeMode, String effects) {
        var running = Stateful.running(upgradeMode, Ha.ON);
        int before = running.sim().kubernetes().log().size();
        running.apply("flink:2.4", upgradeMode);
        running.converge();

        assertThat(running.sim().kubernetes().log().stream()
                        .skip(before)
                        .filter(effect -> !effect.startsWith("event"))
                        .map(effect -> effect.split(" ")[0]))
                .containsExactly(effects.split(" "));
    }

    /** What the API server has just answered is as new as what it would answer to a read. */
    @Test
    void what_was_written_a_moment_ago_is_not_read_before_the_next_effect() {
        world.apply("flink:2.4", "savepoint");
        world.sim().pass(REF);
        int before = world.sim().kubernetes().liveReads();

        world.sim().pass(REF);

        int facts = 2;
        assertThat(world.sim().kubernetes().liveReads()).isEqualTo(before + facts);
        assertThat(world.sim().flink().log()).isNotEmpty();
    }

    @Test
    void what_was_written_longer_ago_is_read_before_the_next_effect() {
        world.apply("flink:2.4", "savepoint");
        world.sim().pass(REF);
        int before = world.sim().kubernetes().liveReads();
        world.sim().clock().advance(Duration.ofSeconds(2));

        world.sim().pass(REF);

        int facts = 2;
        assertThat(world.sim().kubernetes().liveReads()).isEqualTo(before + facts + 1);
    }
}
