package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.host.PluginWatch.Retry;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PluginWatchRetryTest {
    @Test
    void a_refused_swap_is_tried_less_and_less_often() {
        var retry = new Retry(Duration.ofSeconds(30), Duration.ofMinutes(10));

        assertThat(IntStream.rangeClosed(1, 8).mapToObj(retry::after).map(Duration::toSeconds))
                .containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L, 600L);
    }
}
