package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelMapperTest {
    private static final String HOSTILE = "a".repeat(40);

    private static Map<String, String> labels(int count) {
        Map<String, String> labels = new LinkedHashMap<>();
        IntStream.range(0, count).forEach(i -> labels.put("(a+)+\\1\\1c{" + (i + 1) + "}", "label-" + i));
        return labels;
    }

    @Test
    void many_hostile_expressions_and_messages_share_one_budget() {
        var messages = Collections.nCopies(400, HOSTILE);

        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(new LabelMapper(labels(100)).labelsOf(messages))
                        .isEmpty());
    }

    @Test
    void expressions_before_a_hostile_one_are_found() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("OutOf(Memory|Disk)", "resources");
        labels.putAll(labels(10));

        assertThat(new LabelMapper(labels).labelsOf(List.of(HOSTILE, "OutOfMemoryError")))
                .containsExactly("resources");
    }

    @Test
    void only_so_many_labels_and_messages_are_looked_at() {
        Map<String, String> labels = new LinkedHashMap<>();
        IntStream.range(0, 60).forEach(i -> labels.put("x{" + (i + 1) + "}", "label-" + i));

        assertThat(new LabelMapper(labels).labelsOf(List.of("x".repeat(100)))).hasSize(50);
        assertThat(new LabelMapper(Map.of("late", "label"))
                        .labelsOf(IntStream.range(0, 30)
                                .mapToObj(i -> i < 20 ? "early" : "late")
                                .toList()))
                .isEmpty();
    }

    @Test
    void a_chain_of_causes_is_bounded_and_keeps_the_deepest() {
        var trace = new StringBuilder("a.B: 0\n");
        IntStream.range(1, 400)
                .forEach(i -> trace.append("Caused by: a.B: ").append(i).append('\n'));

        assertThat(Thrown.chain(trace.toString()))
                .hasSize(20)
                .startsWith(new Thrown("a.B", "0"), new Thrown("a.B", "1"))
                .endsWith(new Thrown("a.B", "399"));
    }
}
