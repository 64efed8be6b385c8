package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_0;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.util.Optional;

/**
 * Options of JVMs with a #, for Flink 1.x: its file cannot carry them. Its start scripts take them from the environment as
 * well, and then do not read the file.
 */
final class JvmOptions {
    private static final String ALL = "FLINK_ENV_JAVA_OPTS";

    private JvmOptions() {}

    static void intoJobManager(ObjectNode pod, FlinkConfig config, FlinkVersion version) {
        into(pod, config, version, "env.java.opts.jobmanager", ALL + "_JM");
    }

    static void intoTaskManager(ObjectNode pod, FlinkConfig config, FlinkVersion version) {
        into(pod, config, version, "env.java.opts.taskmanager", ALL + "_TM");
    }

    private static void into(ObjectNode pod, FlinkConfig config, FlinkVersion version, String key, String variable) {
        if (version.isAtLeast(V2_0)) {
            return;
        }
        var read = StartScripts.onOneLine(config);
        // The scripts add the option where they read the file.
        uncarried(KeyNames.find(read, "env.java.opts.all"))
                .ifPresent(options -> set(pod, ALL, "-XX:+IgnoreUnrecognizedVMOptions " + options));
        uncarried(read.get(key)).ifPresent(options -> set(pod, variable, options));
    }

    private static Optional<String> uncarried(Optional<String> options) {
        return options.filter(text -> text.contains("#"));
    }

    /** A variable that the user has set stays. */
    private static void set(ObjectNode pod, String name, String value) {
        ArrayNode variables = MainContainer.in(pod).withArrayProperty("env");
        for (var variable : variables) {
            if (variable.path("name").asText().equals(name)) {
                return;
            }
        }
        // Kubernetes would replace $(NAME).
        variables.addObject().put("name", name).put("value", value.replace("$(", "$$("));
    }
}
