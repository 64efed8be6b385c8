package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.config.FlinkConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a job counts as healthy (behaviour 4.3). */
class ClusterHealthTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final HealthCheck CHECK =
            new HealthCheck(Duration.ofMinutes(2), 10, Optional.of(Duration.ofMinutes(4)));

    private static JobMetrics counts(long restarts, long checkpoints, long seconds) {
        return new JobMetrics("job", Optional.of(restarts), Optional.of(checkpoints), START.plusSeconds(seconds));
    }

    private final ClusterHealth first = ClusterHealth.first(counts(100, 7, 0));

    @Test
    @Tag("S229")
    void s229_the_first_look_is_healthy() {
        assertThat(first.healthResult().healthy()).isTrue();
    }

    @Test
    @Tag("S230")
    void s230_counts_that_fell_are_where_it_begins_again() {
        var next = first.next(counts(3, 1, 10), CHECK);
        assertThat(next.healthResult().healthy()).isTrue();
        assertThat(next.numRestarts()).isEqualTo(3);
        assertThat(next.numCompletedCheckpoints()).isEqualTo(1);
        assertThat(next.next(counts(14, 1, 20), CHECK).healthResult().healthy()).isFalse();
    }

    @Test
    @Tag("S231")
    void s231_more_restarts_than_the_threshold_in_the_window_are_unhealthy() {
        assertThat(first.next(counts(110, 7, 60), CHECK).healthResult().healthy())
                .isTrue();
        var unhealthy = first.next(counts(111, 7, 60), CHECK).healthResult();
        assertThat(unhealthy.healthy()).isFalse();
        assertThat(unhealthy.error())
                .hasValueSatisfying(text -> assertThat(text).contains("11 restarts"));
    }

    @Test
    @Tag("S231")
    void s231_restarts_over_a_longer_time_count_as_their_part_of_the_window() {
        var slow = first.next(counts(120, 7, 240), CHECK);
        assertThat(slow.healthResult().healthy()).isTrue();
        assertThat(slow.numRestarts()).isEqualTo(120);
        assertThat(slow.numRestartsEvaluationTimeStamp())
                .isEqualTo(START.plusSeconds(240).toEpochMilli());
        assertThat(first.next(counts(121, 7, 240), CHECK).healthResult().healthy())
                .isFalse();
    }

    @Test
    @Tag("S227")
    void s227_no_checkpoint_in_the_window_is_unhealthy_and_one_is_healthy() {
        assertThat(first.next(counts(100, 7, 240), CHECK).healthResult().healthy())
                .isTrue();
        assertThat(first.next(counts(100, 7, 241), CHECK).healthResult().healthy())
                .isFalse();
        assertThat(first.next(counts(100, 8, 241), CHECK).healthResult().healthy())
                .isTrue();
    }

    @Test
    void a_look_that_finds_all_well_changes_nothing() {
        assertThat(first.next(counts(100, 8, 30), CHECK)).isSameAs(first);
        assertThat(first.next(counts(100, 8, 61), CHECK)).isNotEqualTo(first);
        assertThat(first.next(counts(104, 7, 60), CHECK)).isSameAs(first);
    }

    @Test
    @Tag("S233")
    void s233_what_was_asked_before_the_last_look_says_nothing() {
        assertThat(first.next(counts(1000, 0, -1), CHECK)).isSameAs(first);
    }

    @Test
    @Tag("S232")
    void s232_the_window_of_checkpoints_is_long_enough_for_those_that_may_fail() {
        assertThat(HealthCheck.of(new FlinkConfig(Map.of())).checkpointsWindow())
                .isEmpty();
        assertThat(window(Map.of("execution.checkpointing.interval", "1 min"))).contains(Duration.ofMinutes(20));
        assertThat(window(Map.of(
                        "execution.checkpointing.interval",
                        "30 s",
                        "execution.checkpointing.timeout",
                        "1 min",
                        "execution.checkpointing.tolerable-failed-checkpoints",
                        "3")))
                .contains(Duration.ofMinutes(5));
        assertThat(window(Map.of(
                        "execution.checkpointing.interval",
                        "15 min",
                        "kubernetes.operator.cluster.health-check.checkpoint-progress.window",
                        "1 h")))
                .contains(Duration.ofHours(1));
        assertThat(window(Map.of(
                        "execution.checkpointing.interval",
                        "1 min",
                        "kubernetes.operator.cluster.health-check.checkpoint-progress.enabled",
                        "false")))
                .isEmpty();
    }

    private static Optional<Duration> window(Map<String, String> config) {
        return HealthCheck.of(new FlinkConfig(config)).checkpointsWindow();
    }
}
