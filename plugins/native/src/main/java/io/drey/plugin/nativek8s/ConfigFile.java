package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_0;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.util.Set;

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

    static ConfigFile of(FlinkConfig config, FlinkVersion version) {
        var visible =
                StartScripts.onOneLine(KeyNames.forVersion(config, version).filter(key -> !LEFT_OUT.contains(key)));
        return version.isAtLeast(V2_0)
                ? new ConfigFile("config.yaml", StandardYaml.of(visible))
                : new ConfigFile("flink-conf.yaml", FlatLines.of(visible));
    }
}
