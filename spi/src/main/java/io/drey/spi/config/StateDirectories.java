package io.drey.spi.config;

import java.util.List;
import java.util.Optional;

/** Where Flink keeps state: its keys, with their older names, the first one set wins. */
public final class StateDirectories {
    /** Keys of the directory of checkpoints. */
    public static final List<String> CHECKPOINTS =
            List.of("state.checkpoints.dir", "execution.checkpointing.dir", "state.backend.fs.checkpointdir");

    /** Keys of the directory of savepoints. */
    public static final List<String> SAVEPOINTS =
            List.of("state.savepoints.dir", "execution.checkpointing.savepoint-dir", "savepoints.state.backend.fs.dir");

    private StateDirectories() {}

    /** The directory of checkpoints. */
    public static Optional<String> checkpoints(FlinkConfig config) {
        return first(config, CHECKPOINTS);
    }

    /** The directory of savepoints. */
    public static Optional<String> savepoints(FlinkConfig config) {
        return first(config, SAVEPOINTS);
    }

    private static Optional<String> first(FlinkConfig config, List<String> keys) {
        return keys.stream()
                .flatMap(key -> config.get(key).stream())
                .map(String::strip)
                .filter(directory -> !directory.isEmpty())
                .findFirst();
    }
}
