package io.drey.plugin.nativek8s;

import io.drey.spi.config.FlinkConfig;
import java.util.Set;

/**
 * The key that makes a job of Flink start from a savepoint or checkpoint. The operator alone sets it: a path that a user
 * left in a configuration would start each later launch from that old state, one that was to start empty included.
 */
final class RestorePath {
    private static final String NAME = "execution.state-recovery.path";
    private static final Set<String> NAMES = Set.of(NAME, "execution.savepoint.path");
    private static final String ARGUMENTS = "kubernetes.jobmanager.entrypoint.args";

    private RestorePath() {}

    /** Without the key, under all its names. The loader of Flink 1.x ignores blanks around a name. */
    static FlinkConfig none(FlinkConfig config) {
        return config.filter(key -> !NAMES.contains(key.strip()));
    }

    /** With this path and no other. */
    static FlinkConfig of(FlinkConfig config, String path) {
        return none(config).with(NAME, path);
    }

    /** Whether the configuration has this path and no other. */
    static boolean is(FlinkConfig config, String path) {
        return config.get(NAME).filter(path::equals).isPresent();
    }

    /**
     * Arguments of the JobManager's entry point come after its configuration, and win.
     *
     * @throws IllegalArgumentException when they set the key
     */
    static void refuseArguments(FlinkConfig config) {
        var arguments = config.get(ARGUMENTS).orElse("");
        for (var name : NAMES) {
            if (arguments.contains(name)) {
                throw new IllegalArgumentException(ARGUMENTS + ": found " + name
                        + ", must not choose the state that a job starts from. Remove it, and set"
                        + " spec.job.initialSavepointPath, with a new spec.job.savepointRedeployNonce for a job that was"
                        + " deployed before");
            }
        }
    }
}
