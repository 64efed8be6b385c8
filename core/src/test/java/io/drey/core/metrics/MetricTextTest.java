package io.drey.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTextTest {
    private final MetricText text = new MetricText();

    @Test
    void buckets_of_a_histogram_add_up() {
        var durations = new Durations();
        durations.add(Duration.ofMillis(1));
        durations.add(Duration.ofMillis(30));
        durations.add(Duration.ofMinutes(2));

        text.histogram("drey_x_seconds", "Help.", durations);

        assertThat(text.toString().lines())
                .containsExactly(
                        "# HELP drey_x_seconds Help.",
                        "# TYPE drey_x_seconds histogram",
                        "drey_x_seconds_bucket{le=\"0.001\"} 1",
                        "drey_x_seconds_bucket{le=\"0.005\"} 1",
                        "drey_x_seconds_bucket{le=\"0.02\"} 1",
                        "drey_x_seconds_bucket{le=\"0.1\"} 2",
                        "drey_x_seconds_bucket{le=\"0.5\"} 2",
                        "drey_x_seconds_bucket{le=\"2\"} 2",
                        "drey_x_seconds_bucket{le=\"10\"} 2",
                        "drey_x_seconds_bucket{le=\"60\"} 2",
                        "drey_x_seconds_bucket{le=\"+Inf\"} 3",
                        "drey_x_seconds_sum 120.031",
                        "drey_x_seconds_count 3");
    }

    @Test
    void requests_are_counted_by_method_and_code() {
        var requests = new RequestCounts();
        requests.add("GET", 200, Duration.ZERO);
        requests.add("GET", 200, Duration.ZERO);
        requests.add("GET", 0, Duration.ofSeconds(10));

        text.counter("drey_x_total", "Help.", requests.byCode());

        assertThat(text.toString().lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "drey_x_total{code=\"200\",method=\"GET\"} 2", "drey_x_total{code=\"none\",method=\"GET\"} 1");
        assertThat(requests.durations().count()).isEqualTo(3);
    }

    @Test
    void values_of_labels_are_escaped() {
        text.gauge("drey_x", "Help.", Map.of(Labels.of("a", "b\"c\\d\ne"), 1.5));

        assertThat(text.toString()).endsWith("drey_x{a=\"b\\\"c\\\\d\\ne\"} 1.5\n");
    }

    @Test
    void a_name_is_declared_once() {
        text.gauge("drey_x", "Help.", 1);

        assertThatThrownBy(() -> text.counter("drey_x", "Other.", 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void unusual_response_codes_share_a_label() {
        text.counter("drey_x_total", "Help.", ResponseCodes.labelled(Map.of(200, 5L, 418, 1L, 799, 2L), 4));

        assertThat(text.toString().lines())
                .containsExactly(
                        "# HELP drey_x_total Help.",
                        "# TYPE drey_x_total counter",
                        "drey_x_total{code=\"200\"} 5",
                        "drey_x_total{code=\"none\"} 4",
                        "drey_x_total{code=\"other\"} 3");
    }
}
