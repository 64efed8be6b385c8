package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The limit of reads under way. */
class PermitsTest {
    private final Permits permits = new Permits(8, Runnable::run);
    private final List<String> started = new ArrayList<>();

    private void start(String namespace, int count) {
        for (int i = 0; i < count; i++) {
            permits.start(namespace, () -> started.add(namespace));
        }
    }

    @Test
    void one_namespace_gets_half_and_the_others_always_find_some_left() {
        start("greedy", 100);
        assertThat(started).hasSize(4);
        start("also-greedy", 100);
        assertThat(permits.underWay()).isEqualTo(6);
        start("modest", 1);
        assertThat(started).endsWith("modest");
        assertThat(permits.underWay()).isEqualTo(7);
    }

    @Test
    void what_waits_begins_when_a_permit_is_given_back_and_namespaces_take_turns() {
        start("one", 6);
        start("two", 5);
        started.clear();

        for (int i = 0; i < 4; i++) {
            permits.release("one");
        }

        assertThat(started).contains("one", "two");
        assertThat(permits.underWay()).isLessThanOrEqualTo(6);
    }

    @Test
    void when_all_is_given_back_nothing_is_under_way_and_nothing_waits() {
        start("one", 20);
        for (int i = 0; i < 20; i++) {
            permits.release("one");
        }
        assertThat(started).hasSize(20);
        assertThat(permits.underWay()).isZero();
        assertThat(permits.spare()).isTrue();
    }

    @Test
    void an_effect_waits_for_nothing() {
        start("one", 8);
        permits.takes("one");
        assertThat(permits.underWay()).isEqualTo(5);
    }
}
