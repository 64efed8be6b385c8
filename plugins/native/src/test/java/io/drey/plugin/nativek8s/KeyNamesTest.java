package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyNamesTest {
    /** Their older names take values of another type. */
    private static final String NOT_THE_SAME = "taskmanager.network.memory.buffers-request-timeout";

    @Test
    void writesEveryNameThatAnOldImageDoesNotKnowAsTheOneThatItKnows() throws IOException {
        for (var line : Files.readAllLines(Path.of("src/test/resources/renamed-keys.txt"))) {
            var words = line.split(" ");
            if (line.startsWith("#") || words[1].equals(NOT_THE_SAME)) {
                continue;
            }
            var version = new FlinkVersion(
                    "v" + words[0].substring(0, words[0].lastIndexOf('.')).replace('.', '_'));
            assertThat(KeyNames.forVersion(new FlinkConfig(Map.of(words[1], "x")), version)
                            .values())
                    .as(line)
                    .isEqualTo(Map.of(words[2], "x"));
        }
    }

    @Test
    void leavesNewImagesTheNamesThatTheUserWrote() {
        var config = new FlinkConfig(Map.of("state.savepoints.dir", "a", "execution.state-recovery.path", "b"));

        assertThat(KeyNames.forVersion(config, FlinkVersion.V2_0)).isEqualTo(config);
        assertThat(KeyNames.forVersion(config, FlinkVersion.V1_20)).isEqualTo(config);
    }

    @Test
    void theNewerNameWinsWhereBothAreSet() {
        var config = new FlinkConfig(Map.of("execution.savepoint.path", "a", "execution.state-recovery.path", "b"));

        assertThat(KeyNames.forVersion(config, FlinkVersion.V1_19).values())
                .isEqualTo(Map.of("execution.savepoint.path", "b"));
    }

    @Test
    void settingAKeyUnsetsItsOlderName() {
        var config = new FlinkConfig(Map.of("kubernetes.container.image", "a"));

        assertThat(KeyNames.with(config, "kubernetes.container.image.ref", "b").values())
                .isEqualTo(Map.of("kubernetes.container.image.ref", "b"));
    }
}
