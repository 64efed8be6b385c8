package io.drey.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.config.FlinkConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReloadedFlinkConfigsTest {
    private final ReloadedFlinkConfigs configs =
            new ReloadedFlinkConfigs(new FlinkConfig(Map.of("kept", "1", "changed", "1", "removed", "1")));

    private Map<String, String> effective() {
        return configs.effective(
                        new ConfigRequest("tests", Optional.empty(), new FlinkConfig(Map.of("own", "1"))),
                        FlinkConfig.EMPTY)
                .values();
    }

    @Test
    @Tag("S038")
    @Tag("S054")
    void whatWasTakenCountsFromTheNextQuestionOn() {
        assertThat(effective()).containsOnlyKeys("kept", "changed", "removed", "own");

        var changed = configs.take(new FlinkConfig(Map.of("kept", "1", "changed", "2", "new", "1")));

        assertThat(changed).containsExactly("changed", "new", "removed");
        assertThat(effective())
                .containsExactlyInAnyOrderEntriesOf(Map.of("kept", "1", "changed", "2", "new", "1", "own", "1"));
    }

    @Test
    void theSameAgainIsNoChange() {
        assertThat(configs.take(new FlinkConfig(Map.of("kept", "1", "changed", "1", "removed", "1"))))
                .isEmpty();
    }
}
