package io.drey.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator reads of its configuration at its start.
 *
 * @param flat all keys, flat; those that are not the operator's are defaults under every resource
 * @param plugins sections by plugin id
 * @param workers that run passes
 * @param flinkTimeout of a request to a JobManager
 * @param retryLimit longest time between two tries
 * @param namespaces to watch; empty for all
 * @param labelSelector that resources must match; empty for all
 * @param healthPort empty when there is no probe
 * @param terminationTimeout for passes in flight at the end
 * @param pluginDirectories where plugins are, besides the ones that come along
 * @param privateDirectory for copies of plugin jars
 */
public record OperatorConfig(
        FlinkConfig flat,
        Map<String, JsonNode> plugins,
        int workers,
        Duration flinkTimeout,
        Duration retryLimit,
        List<String> namespaces,
        String labelSelector,
        Optional<Integer> healthPort,
        Duration terminationTimeout,
        List<Path> pluginDirectories,
        Path privateDirectory) {
    private static final String PREFIX = "kubernetes.operator.";
    private static final String ALL_NAMESPACES = "JOSDK_ALL_NAMESPACES";
    private static final int MAX_WORKERS = 50;

    static final ConfigKey<Duration> RECONCILE_INTERVAL = ConfigKey.duration(
            PREFIX + "reconcile.interval", Duration.ofSeconds(60), PREFIX + "reconciler.reschedule.interval");
    static final ConfigKey<Integer> PARALLELISM =
            ConfigKey.integer(PREFIX + "reconcile.parallelism", 10, PREFIX + "reconciler.max.parallelism");
    static final ConfigKey<Duration> FLINK_TIMEOUT = ConfigKey.duration(
            PREFIX + "flink.client.timeout", Duration.ofSeconds(10), PREFIX + "observer.flink.client.timeout");
    static final ConfigKey<Optional<String>> NAMESPACES = ConfigKey.text(PREFIX + "watched.namespaces");
    static final ConfigKey<Optional<String>> LABEL_SELECTOR = ConfigKey.text(PREFIX + "label.selector");
    static final ConfigKey<Boolean> HEALTH = ConfigKey.bool(PREFIX + "health.probe.enabled", true);
    static final ConfigKey<Integer> HEALTH_PORT = ConfigKey.integer(PREFIX + "health.probe.port", 8085);
    static final ConfigKey<Duration> TERMINATION =
            ConfigKey.duration(PREFIX + "termination.timeout", Duration.ofSeconds(10));
    static final ConfigKey<Optional<String>> PLUGIN_DIRECTORIES = ConfigKey.text("drey.plugins.directories");
    static final ConfigKey<Optional<String>> PRIVATE_DIRECTORY = ConfigKey.text("drey.plugins.store");

    /** Keys that are read here or by a plugin that comes along; the other operator keys are named as not supported. */
    private static final List<String> SUPPORTED = List.of(
            "reconcile.interval",
            "reconciler.reschedule.interval",
            "reconcile.parallelism",
            "reconciler.max.parallelism",
            "flink.client.timeout",
            "observer.flink.client.timeout",
            "watched.namespaces",
            "label.selector",
            "health.probe.enabled",
            "health.probe.port",
            "termination.timeout",
            "default-configuration.",
            "resource.deletion.propagation",
            "pod-template.merge-arrays-by-name",
            "jm-deployment.startup.probe.enabled");

    public OperatorConfig {
        plugins = Map.copyOf(plugins);
        namespaces = List.copyOf(namespaces);
        pluginDirectories = List.copyOf(pluginDirectories);
        if (workers < 1) {
            throw new IllegalArgumentException(
                    PARALLELISM.name() + ": found " + workers + ", must be 1 or more, or -1");
        }
    }

    /**
     * Reads the configuration.
     *
     * @throws io.drey.spi.config.BadConfig when a value is not what its key takes
     */
    public static OperatorConfig of(ConfigFile file, Map<String, String> environment) {
        var flat = file.flat();
        int parallelism = flat.get(PARALLELISM);
        var namespaces = Optional.ofNullable(environment.get("WATCH_NAMESPACES"))
                .filter(text -> !text.isBlank())
                .or(() -> flat.get(NAMESPACES))
                .filter(text -> !text.strip().equals(ALL_NAMESPACES))
                .map(OperatorConfig::list)
                .orElse(List.of());
        return new OperatorConfig(
                flat,
                file.plugins(),
                parallelism == -1 ? MAX_WORKERS : parallelism,
                flat.get(FLINK_TIMEOUT),
                flat.get(RECONCILE_INTERVAL),
                namespaces,
                flat.get(LABEL_SELECTOR).orElse(""),
                flat.get(HEALTH) ? Optional.of(flat.get(HEALTH_PORT)) : Optional.empty(),
                flat.get(TERMINATION),
                flat.get(PLUGIN_DIRECTORIES).map(OperatorConfig::list).orElse(List.of()).stream()
                        .map(Path::of)
                        .toList(),
                Path.of(flat.get(PRIVATE_DIRECTORY).orElse(System.getProperty("java.io.tmpdir") + "/drey-plugins")));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split("[,;]"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Operator keys that are set, and that nothing reads yet. */
    public List<String> unsupported() {
        return flat.values().keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .filter(key -> SUPPORTED.stream().noneMatch(key.substring(PREFIX.length())::startsWith))
                .toList();
    }

    /** What lies under every resource's configuration. */
    public FlinkConfig defaults() {
        return flat.filter(key -> !key.startsWith("drey."));
    }
}
