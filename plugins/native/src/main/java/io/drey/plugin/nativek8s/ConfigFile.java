package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_0;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.client.deployment.application.ApplicationConfiguration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.YamlParserUtils;

/** Configuration as the Flink in the image reads it: a file of its version's name, format and key names. */
record ConfigFile(String name, String text) {
    /** Of use before a cluster is there only, or wrong inside of a pod. */
    private static final Set<String> LEFT_OUT = Set.of(
            "kubernetes.config.file",
            "$internal.deployment.config-dir",
            "rest.bind-address",
            "jobmanager.bind-host",
            "taskmanager.bind-host",
            "taskmanager.host");

    private static final List<ConfigOption<List<String>>> LISTS =
            List.of(PipelineOptions.JARS, ApplicationConfiguration.APPLICATION_ARGS);

    static ConfigFile of(FlinkConfig config, FlinkVersion version) {
        var visible = KeyNames.forVersion(config, version).filter(key -> !LEFT_OUT.contains(key));
        return version.isAtLeast(V2_0)
                ? new ConfigFile("config.yaml", nested(visible))
                : new ConfigFile("flink-conf.yaml", flat(visible));
    }

    private static String nested(FlinkConfig config) {
        Map<String, Object> values = new TreeMap<>(config.values());
        refuseOverlaps(config);
        var typed = Configuration.fromMap(config.values());
        for (var list : LISTS) {
            typed.getOptional(list).ifPresent(elements -> values.put(list.key(), elements));
        }
        return String.join("\n", YamlParserUtils.convertAndDumpYamlFromFlatMap(values)) + "\n";
    }

    /** A key that is also the beginning of another has no place in a tree. */
    private static void refuseOverlaps(FlinkConfig config) {
        for (var key : config.values().keySet()) {
            for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
                var beginning = key.substring(0, dot);
                if (config.get(beginning).isPresent()) {
                    throw new IllegalArgumentException("Overlapping key prefixes detected (" + beginning + " -> " + key
                            + "): found both in the configuration, must be one of them from Flink 2.0 on. "
                            + KeyNames.newer(beginning)
                                    .map(newer -> "Write " + newer + " in place of " + beginning)
                                    .orElse("Remove " + beginning));
                }
            }
        }
    }

    /** One line for each key: this format knows no quotes, and no second line. */
    private static String flat(FlinkConfig config) {
        var text = new StringBuilder();
        config.values()
                .forEach((key, value) -> text.append(key)
                        .append(": ")
                        .append(value.strip().replaceAll("\\s*\\R\\s*", " "))
                        .append('\n'));
        return text.toString();
    }
}
