package io.drey.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.health.AdminServer;
import io.drey.core.health.HealthServer;
import io.drey.core.integrity.Integrity;
import io.drey.core.loop.WorkQueue;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the operator reads of its configuration at its start.
 *
 * @param flat all keys, flat; those that are not the operator's are defaults under every resource
 * @param plugins sections by plugin id
 * @param workers that run passes
 * @param flinkTimeout of a request to a JobManager
 * @param retryTimes how long to wait after failures
 * @param retryLimit longest time between two tries
 * @param namespaces to watch; empty for all
 * @param labelSelector that resources must match; empty for all
 * @param healthPort empty when there is no probe
 * @param adminPort of the administration pages, on the loopback address
 * @param terminationTimeout for passes in flight at the end
 * @param pluginDirectories where plugins are, besides the ones that come along
 * @param privateDirectory for copies of plugin jars
 * @param requiredPlugins ids of plugins without which the operator does not start
 * @param integrity which plugin jars may be loaded
 * @param pluginDeadline of a call into a plugin
 * @param election when there are several operators of which one works
 * @param stopsWhenRefused whether the start fails when something may be watched in no namespace
 * @param forcesSwaps whether plugins are exchanged although that touches resources
 * @param reloads whether a changed file counts while the operator runs
 */
public record OperatorConfig(
        FlinkConfig flat,
        Map<String, JsonNode> plugins,
        int workers,
        Duration flinkTimeout,
        WorkQueue.RetryTimes retryTimes,
        Duration retryLimit,
        List<String> namespaces,
        String labelSelector,
        Optional<Integer> healthPort,
        int adminPort,
        Duration terminationTimeout,
        List<Path> pluginDirectories,
        Path privateDirectory,
        Set<String> requiredPlugins,
        Integrity integrity,
        Duration pluginDeadline,
        Optional<Election> election,
        boolean stopsWhenRefused,
        boolean forcesSwaps,
        boolean reloads) {
    private static final String PREFIX = "kubernetes.operator.";
    private static final String ALL_NAMESPACES = "JOSDK_ALL_NAMESPACES";
    private static final int MAX_WORKERS = 50;
    private static final int MAX_FACTOR = 100;
    private static final int MAX_PORT = 65_535;

    /** Where the administration pages are, unless the configuration says otherwise. */
    public static final int DEFAULT_ADMIN_PORT = 8087;

    /** Time between two looks at what nothing tells of. */
    public static final ConfigKey<Duration> RECONCILE_INTERVAL = ConfigKey.duration(
            PREFIX + "reconcile.interval", Duration.ofSeconds(60), PREFIX + "reconciler.reschedule.interval");

    static final ConfigKey<Integer> PARALLELISM =
            ConfigKey.integer(PREFIX + "reconcile.parallelism", MAX_WORKERS, PREFIX + "reconciler.max.parallelism");
    static final ConfigKey<Duration> FIRST_RETRY =
            ConfigKey.duration(PREFIX + "retry.initial.interval", WorkQueue.RetryTimes.DEFAULT.first());
    static final ConfigKey<Double> RETRY_FACTOR =
            ConfigKey.decimal(PREFIX + "retry.interval.multiplier", WorkQueue.RetryTimes.DEFAULT.factor());
    static final ConfigKey<Optional<String>> LAST_RETRY = ConfigKey.text(PREFIX + "retry.max.interval");
    static final ConfigKey<Duration> FLINK_TIMEOUT = ConfigKey.duration(
            PREFIX + "flink.client.timeout", Duration.ofSeconds(10), PREFIX + "observer.flink.client.timeout");
    static final ConfigKey<Optional<String>> NAMESPACES = ConfigKey.text(PREFIX + "watched.namespaces");
    static final ConfigKey<Optional<String>> LABEL_SELECTOR = ConfigKey.text(PREFIX + "label.selector");
    static final ConfigKey<Boolean> HEALTH = ConfigKey.bool(PREFIX + "health.probe.enabled", true);
    static final ConfigKey<Integer> HEALTH_PORT = ConfigKey.integer(HealthServer.PORT_KEY, 8085);
    static final ConfigKey<Integer> ADMIN_PORT = ConfigKey.integer(AdminServer.PORT_KEY, DEFAULT_ADMIN_PORT);
    static final ConfigKey<Duration> TERMINATION =
            ConfigKey.duration(PREFIX + "termination.timeout", Duration.ofSeconds(10));
    static final ConfigKey<Optional<String>> PLUGIN_DIRECTORIES = ConfigKey.text("drey.plugins.directories");
    static final ConfigKey<Optional<String>> REQUIRED_PLUGINS = ConfigKey.text("drey.plugins.required");
    static final ConfigKey<Optional<String>> INTEGRITY = ConfigKey.text("drey.plugins.integrity");
    static final ConfigKey<Optional<String>> ALLOWED_SHA256 = ConfigKey.text("drey.plugins.allowed-sha256");
    static final ConfigKey<Optional<String>> PUBLIC_KEYS = ConfigKey.text("drey.plugins.public-keys");
    static final ConfigKey<Duration> PLUGIN_DEADLINE =
            ConfigKey.duration("drey.plugins.call-deadline", Duration.ofSeconds(5));
    static final ConfigKey<Boolean> ELECTION = ConfigKey.bool(PREFIX + "leader-election.enabled", false);
    static final ConfigKey<Optional<String>> LEASE_NAME = ConfigKey.text(PREFIX + "leader-election.lease-name");
    static final ConfigKey<Duration> LEASE =
            ConfigKey.duration(PREFIX + "leader-election.lease-duration", Duration.ofSeconds(15));
    static final ConfigKey<Duration> RENEW =
            ConfigKey.duration(PREFIX + "leader-election.renew-deadline", Duration.ofSeconds(10));
    static final ConfigKey<Duration> LEASE_RETRY =
            ConfigKey.duration(PREFIX + "leader-election.retry-period", Duration.ofSeconds(2));
    static final ConfigKey<Swap> SWAP = ConfigKey.oneOf("drey.plugins.swap", Swap.CHECK);
    static final ConfigKey<Boolean> STOPS_WHEN_REFUSED =
            ConfigKey.bool(PREFIX + "startup.stop-on-informer-error", true);
    static final ConfigKey<Boolean> RELOADS = ConfigKey.bool(PREFIX + "dynamic.config.enabled", true);
    static final ConfigKey<Optional<String>> PRIVATE_DIRECTORY = ConfigKey.text("drey.plugins.store");

    /**
     * Leader election.
     *
     * @param lease how long others wait after the last renewal
     * @param renew how long the leader goes on without one
     * @param retry time between two tries
     */
    public record Election(String leaseName, Duration lease, Duration renew, Duration retry) {}

    /** What becomes of an exchange of plugins that would touch resources by itself. */
    private enum Swap {
        CHECK,
        FORCE
    }

    /** Keys that change nothing here, and why. */
    private static final Map<String, String> NEEDLESS = Map.of(
            "retry.max.attempts", "what fails is tried again until it works, at growing intervals",
            "dynamic.config.check.interval", "a changed file counts within two seconds",
            "resource.cleanup.timeout", "nothing waits for a deletion, which goes on until it is done",
            "reconciler.flink.cluster.shutdown.timeout",
                    "nothing waits for a deletion, which goes on until it is done");

    /**
     * What keys begin with whose values are read at the start only. The chart restarts the operator when one of these changes,
     * and when nothing else does.
     */
    private static final List<String> READ_AT_START = List.of(
            PREFIX + "reconcile.",
            PREFIX + "reconciler.",
            PREFIX + "retry.",
            PREFIX + "flink.client.",
            PREFIX + "observer.flink.client.",
            PREFIX + "watched.",
            PREFIX + "label.selector",
            PREFIX + "health.",
            PREFIX + "termination.",
            PREFIX + "leader-election.",
            PREFIX + "startup.",
            PREFIX + "dynamic.config.",
            ADMIN_PORT.name(),
            PRIVATE_DIRECTORY.name(),
            PLUGIN_DEADLINE.name());

    /** Keys that are read here or by a plugin that comes along; the other operator keys are named as not supported. */
    private static final List<String> SUPPORTED = List.of(
            "reconcile.interval",
            "reconciler.reschedule.interval",
            "reconcile.parallelism",
            "reconciler.max.parallelism",
            "retry.initial.interval",
            "retry.interval.multiplier",
            "retry.max.interval",
            "flink.client.timeout",
            "observer.progress-check.interval",
            "observer.flink.client.timeout",
            "watched.namespaces",
            "label.selector",
            "health.probe.enabled",
            "health.probe.port",
            "termination.timeout",
            "default-configuration.",
            "dynamic.config.enabled",
            "leader-election.",
            "startup.stop-on-informer-error",
            "resource.deletion.propagation",
            "pod-template.merge-arrays-by-name",
            "jm-deployment.startup.probe.enabled");

    public OperatorConfig {
        plugins = Map.copyOf(plugins);
        namespaces = List.copyOf(namespaces);
        pluginDirectories = List.copyOf(pluginDirectories);
        requiredPlugins = Set.copyOf(requiredPlugins);
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException with a line for each value that is not what its key takes
     */
    public static OperatorConfig of(ConfigFile file, Map<String, String> environment) {
        var keys = new Reader(file.flat());
        keys.refuseUnknown(
                "drey.",
                List.of(
                        ADMIN_PORT.name(),
                        PLUGIN_DIRECTORIES.name(),
                        PRIVATE_DIRECTORY.name(),
                        REQUIRED_PLUGINS.name(),
                        INTEGRITY.name(),
                        ALLOWED_SHA256.name(),
                        PUBLIC_KEYS.name(),
                        PLUGIN_DEADLINE.name(),
                        SWAP.name()));
        int parallelism = keys.number(PARALLELISM, -1, Integer.MAX_VALUE);
        var namespaces = Optional.ofNullable(environment.get("WATCH_NAMESPACES"))
                .filter(text -> !text.isBlank())
                .or(() -> keys.get(NAMESPACES))
                .filter(text -> !text.strip().equals(ALL_NAMESPACES))
                .map(OperatorConfig::list)
                .orElse(List.of());
        int port = keys.number(HEALTH_PORT, 0, MAX_PORT);
        var config = new OperatorConfig(
                file.flat(),
                file.plugins(),
                parallelism == -1 ? MAX_WORKERS : parallelism,
                keys.get(FLINK_TIMEOUT),
                new WorkQueue.RetryTimes(keys.get(FIRST_RETRY), keys.factor()),
                keys.lastRetry(),
                namespaces,
                keys.get(LABEL_SELECTOR).orElse(""),
                keys.get(HEALTH) ? Optional.of(port) : Optional.empty(),
                keys.adminPort(port),
                keys.get(TERMINATION),
                keys.list(PLUGIN_DIRECTORIES).stream().map(Path::of).toList(),
                Path.of(keys.get(PRIVATE_DIRECTORY).orElse(System.getProperty("java.io.tmpdir") + "/drey-plugins")),
                Set.copyOf(keys.list(REQUIRED_PLUGINS)),
                keys.integrity(),
                keys.atLeast(PLUGIN_DEADLINE, Duration.ofMillis(100)),
                keys.get(ELECTION) ? Optional.of(keys.election()) : Optional.empty(),
                keys.get(STOPS_WHEN_REFUSED),
                keys.get(SWAP) == Swap.FORCE,
                keys.get(RELOADS));
        keys.throwProblems();
        return config;
    }

    /** Reads keys, and notes what is wrong with all of them before it throws. */
    private static final class Reader {
        private final FlinkConfig flat;
        private final List<String> problems = new ArrayList<>();

        Reader(FlinkConfig flat) {
            this.flat = flat;
        }

        <T> T get(ConfigKey<T> key) {
            try {
                return flat.get(key);
            } catch (BadConfig e) {
                problems.add(e.getMessage());
                return key.fallback();
            }
        }

        /** Zero is never a number that was meant, unless it is the least one. */
        int number(ConfigKey<Integer> key, int least, int most) {
            int value = get(key);
            if (value < least || value > most || (value == 0 && least < 0)) {
                problems.add(key.name() + ": found '" + value + "', must be "
                        + (least < 0 ? "1 or more, or " + least : "from " + least + " to " + most));
            }
            return value;
        }

        /** Another one than the probe's, which is bound to all addresses. 0 is any, and is never the same. */
        int adminPort(int health) {
            int port = number(ADMIN_PORT, 0, MAX_PORT);
            if (port != 0 && port == health && get(HEALTH)) {
                problems.add(ADMIN_PORT.name() + ": found '" + port + "', must differ from " + HEALTH_PORT.name());
            }
            return port;
        }

        /** S042: the name is mandatory, since operators that are not to share a lease may live in one namespace. */
        Election election() {
            var name = get(LEASE_NAME).orElse("").strip();
            if (name.isEmpty()) {
                problems.add(LEASE_NAME.name() + ": it is missing, and " + ELECTION.name()
                        + " is true. Name the lease that the replicas share");
            }
            var election = new Election(
                    name,
                    atLeast(LEASE, Duration.ofSeconds(1)),
                    atLeast(RENEW, Duration.ofSeconds(1)),
                    atLeast(LEASE_RETRY, Duration.ofMillis(100)));
            if (election.renew().compareTo(election.lease()) >= 0) {
                problems.add(RENEW.name() + ": must be less than " + LEASE.name()
                        + ", else two operators may be at work at once");
            }
            if (election.retry().multipliedBy(2).compareTo(election.renew()) > 0) {
                problems.add(LEASE_RETRY.name() + ": must be at most half of " + RENEW.name()
                        + ", else one try that fails costs the lease");
            }
            return election;
        }

        Duration atLeast(ConfigKey<Duration> key, Duration least) {
            var value = get(key);
            if (value.compareTo(least) < 0) {
                problems.add(key.name() + ": found '" + value.toMillis() + " ms', must be " + least.toMillis()
                        + " ms or more");
            }
            return value;
        }

        /** One or more: less would try faster and faster what fails. */
        double factor() {
            double factor = get(RETRY_FACTOR);
            if (!(factor >= 1 && factor <= MAX_FACTOR)) {
                problems.add(RETRY_FACTOR.name() + ": found '" + factor + "', must be from 1 to " + MAX_FACTOR);
            }
            return factor;
        }

        /** As configured, else the interval at which each resource is looked at. */
        Duration lastRetry() {
            var interval = get(RECONCILE_INTERVAL);
            return get(LAST_RETRY).isEmpty() ? interval : get(ConfigKey.duration(LAST_RETRY.name(), interval));
        }

        List<String> list(ConfigKey<Optional<String>> key) {
            return get(key).map(OperatorConfig::list).orElse(List.of());
        }

        Integrity integrity() {
            // An off without quotes is a false in YAML.
            var mode = get(INTEGRITY).filter(word -> !word.equals("false")).orElse("off");
            try {
                return Integrity.of(mode, list(ALLOWED_SHA256), list(PUBLIC_KEYS));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
                return Integrity.OFF;
            }
        }

        void refuseUnknown(String prefix, List<String> known) {
            flat.values().keySet().stream()
                    .filter(key -> key.startsWith(prefix) && !known.contains(key))
                    .map(key -> key + ": there is no such setting. Known: " + String.join(", ", known))
                    .forEach(problems::add);
        }

        void throwProblems() {
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("the configuration is wrong:\n" + String.join("\n", problems));
            }
        }
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split("[,;]"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Operator keys that are set, and that nothing reads yet. */
    public List<String> unsupported() {
        return operatorKeys()
                .filter(key -> SUPPORTED.stream().noneMatch(key.substring(PREFIX.length())::startsWith))
                .filter(key -> !NEEDLESS.containsKey(key.substring(PREFIX.length())))
                .toList();
    }

    /** Operator keys that are set and change nothing, each with the reason. */
    public List<String> needless() {
        return operatorKeys()
                .filter(key -> NEEDLESS.containsKey(key.substring(PREFIX.length())))
                .map(key -> key + " (" + NEEDLESS.get(key.substring(PREFIX.length())) + ")")
                .toList();
    }

    private Stream<String> operatorKeys() {
        return flat.values().keySet().stream().filter(key -> key.startsWith(PREFIX));
    }

    /** Keys that are read at the start only, and have another value here than in another configuration, or none. */
    public Set<String> waitForStart(OperatorConfig other) {
        Set<String> keys = new TreeSet<>(flat.values().keySet());
        keys.addAll(other.flat.values().keySet());
        keys.removeIf(key -> READ_AT_START.stream().noneMatch(key::startsWith)
                || flat.get(key).equals(other.flat.get(key)));
        return keys;
    }

    /** What lies under every resource's configuration. */
    public FlinkConfig defaults() {
        return flat.filter(key -> !key.startsWith("drey."));
    }
}
