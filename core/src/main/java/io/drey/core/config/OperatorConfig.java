package io.drey.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.health.AdminServer;
import io.drey.core.integrity.Integrity;
import io.drey.core.loop.WorkQueue;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.OperatorKeys.Effect;
import io.drey.spi.config.OperatorKeys.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

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
    public static final ConfigKey<Duration> RECONCILE_INTERVAL = OperatorKeys.RECONCILE_INTERVAL;

    static final ConfigKey<Integer> PARALLELISM = OperatorKeys.RECONCILE_PARALLELISM;
    static final ConfigKey<Duration> FIRST_RETRY = OperatorKeys.RETRY_INITIAL;
    static final ConfigKey<Double> RETRY_FACTOR = OperatorKeys.RETRY_MULTIPLIER;
    static final ConfigKey<Optional<Duration>> LAST_RETRY = OperatorKeys.RETRY_MAX;
    static final ConfigKey<Duration> FLINK_TIMEOUT = OperatorKeys.FLINK_CLIENT_TIMEOUT;
    static final ConfigKey<Optional<String>> NAMESPACES = OperatorKeys.WATCHED_NAMESPACES;
    static final ConfigKey<Optional<String>> LABEL_SELECTOR = OperatorKeys.LABEL_SELECTOR;
    static final ConfigKey<Boolean> HEALTH = OperatorKeys.HEALTH_PROBE;
    static final ConfigKey<Integer> HEALTH_PORT = OperatorKeys.HEALTH_PORT;
    static final ConfigKey<Integer> ADMIN_PORT = ConfigKey.integer(AdminServer.PORT_KEY, DEFAULT_ADMIN_PORT);
    static final ConfigKey<Duration> TERMINATION = OperatorKeys.TERMINATION_TIMEOUT;
    static final ConfigKey<Optional<String>> PLUGIN_DIRECTORIES = ConfigKey.text("drey.plugins.directories");
    static final ConfigKey<Optional<String>> REQUIRED_PLUGINS = ConfigKey.text("drey.plugins.required");
    static final ConfigKey<Optional<String>> INTEGRITY = ConfigKey.text("drey.plugins.integrity");
    static final ConfigKey<Optional<String>> ALLOWED_SHA256 = ConfigKey.text("drey.plugins.allowed-sha256");
    static final ConfigKey<Optional<String>> PUBLIC_KEYS = ConfigKey.text("drey.plugins.public-keys");
    static final ConfigKey<Duration> PLUGIN_DEADLINE =
            ConfigKey.duration("drey.plugins.call-deadline", Duration.ofSeconds(5));
    static final ConfigKey<Boolean> ELECTION = OperatorKeys.LEADER_ELECTION;
    static final ConfigKey<Optional<String>> LEASE_NAME = OperatorKeys.LEASE_NAME;
    static final ConfigKey<Duration> LEASE = OperatorKeys.LEASE_DURATION;
    static final ConfigKey<Duration> RENEW = OperatorKeys.RENEW_DEADLINE;
    static final ConfigKey<Duration> LEASE_RETRY = OperatorKeys.RETRY_PERIOD;
    static final ConfigKey<Swap> SWAP = ConfigKey.oneOf("drey.plugins.swap", Swap.CHECK);
    static final ConfigKey<Boolean> STOPS_WHEN_REFUSED = OperatorKeys.STOP_ON_INFORMER_ERROR;
    static final ConfigKey<Boolean> RELOADS = OperatorKeys.DYNAMIC_CONFIG;
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

    /** Defaults for a namespace, or for a version of Flink. */
    private static final Pattern SCOPED = Pattern.compile(
            "kubernetes\\.operator\\.default-configuration\\.(?:namespace|flink-version)\\.[^.]+\\.(.+)");

    /** Keys with names of the user's in them, for what is not there yet. */
    private static final List<String> LATER = List.of(PREFIX + "plugins.listeners.", PREFIX + "metrics.");

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
        keys.readAll();
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
            return get(LAST_RETRY).orElse(get(RECONCILE_INTERVAL));
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

        /** A value that no resource could use, also of a namespace or a version of Flink. */
        void readAll() {
            flat.values()
                    .forEach((key, value) -> OperatorKeys.find(own(key))
                            .filter(entry -> entry.effect() == Effect.WORKS)
                            .ifPresent(entry -> {
                                try {
                                    new FlinkConfig(Map.of(own(key), value)).get(entry.key());
                                } catch (BadConfig e) {
                                    var problem = new BadConfig(
                                                    key, value, entry.key().allowed())
                                            .getMessage();
                                    if (!problems.contains(problem)) {
                                        problems.add(problem);
                                    }
                                }
                            }));
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
        return flat.values().keySet().stream()
                .filter(key -> has(key, Effect.LATER) || LATER.stream().anyMatch(own(key)::startsWith))
                .toList();
    }

    /** Operator keys that are set and change nothing, each with the reason. */
    public List<String> needless() {
        return flat.values().keySet().stream()
                .filter(key -> has(key, Effect.NEEDLESS))
                .map(key ->
                        key + " (" + OperatorKeys.find(own(key)).map(Entry::why).orElse("") + ")")
                .toList();
    }

    /** Keys that are set, look like the operator's, and are none, each with the one that may be meant. */
    public List<String> unknown() {
        return flat.values().keySet().stream()
                .filter(key -> OperatorKeys.unknown(own(key)))
                .map(key -> (key.equals(own(key)) ? "" : key + ": ") + OperatorKeys.unknownMessage(own(key)))
                .toList();
    }

    private static boolean has(String key, Effect effect) {
        return OperatorKeys.find(own(key))
                .filter(entry -> entry.effect() == effect)
                .isPresent();
    }

    /** The key that a default is for. */
    private static String own(String key) {
        var scoped = SCOPED.matcher(key);
        return scoped.matches() ? scoped.group(1) : key;
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
