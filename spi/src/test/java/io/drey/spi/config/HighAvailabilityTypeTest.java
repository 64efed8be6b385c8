package io.drey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HighAvailabilityTypeTest {
    @ParameterizedTest
    @CsvSource({
        "high-availability.type, kubernetes, true, true",
        "high-availability, KUBERNETES, true, true",
        "recovery.mode, zookeeper, true, false",
        "high-availability.type, none, false, false",
        "high-availability, standalone, false, false",
        "recovery.mode, STANDALONE, false, false",
    })
    void is_read_under_each_name_that_flink_reads(String key, String value, boolean any, boolean kubernetes) {
        var config = new FlinkConfig(Map.of(key, value));

        assertThat(config.highAvailability()).isEqualTo(any);
        assertThat(config.kubernetesHighAvailability()).isEqualTo(kubernetes);
        assertThat(config.zooKeeperHighAvailability()).isEqualTo(any && !kubernetes);
    }

    @Test
    void the_newest_name_wins() {
        var config = new FlinkConfig(Map.of(
                "high-availability.type", "none", "high-availability", "kubernetes", "recovery.mode", "zookeeper"));

        assertThat(config.highAvailability()).isFalse();
    }
}
