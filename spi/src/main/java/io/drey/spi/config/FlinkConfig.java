package io.drey.spi.config;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Flat Flink configuration: key to text, in key order. Immutable. */
public final class FlinkConfig {
    /** No keys. */
    public static final FlinkConfig EMPTY = new FlinkConfig(Map.of());

    private final Map<String, String> values;

    public FlinkConfig(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** All keys and values, in key order. */
    public Map<String, String> values() {
        return values;
    }

    /** The text of a key. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * The value of a key or of an alias of it, or its default.
     *
     * @throws BadConfig when the text is not a value of the key's type
     */
    public <T> T get(ConfigKey<T> key) {
        return key.read(this);
    }

    /** The value of a key or of an alias of it; its default too where the text is malformed, which is for a rule to tell. */
    public <T> T orFallback(ConfigKey<T> key) {
        try {
            return key.read(this);
        } catch (BadConfig e) {
            return key.fallback();
        }
    }

    /** With a key set. */
    public FlinkConfig with(String key, String value) {
        var copy = new TreeMap<>(values);
        copy.put(key, value);
        return new FlinkConfig(copy);
    }

    /** With a key set, unless it is there. */
    public FlinkConfig withDefault(String key, String value) {
        return values.containsKey(key) ? this : with(key, value);
    }

    /** With another configuration laid over this one. */
    public FlinkConfig with(FlinkConfig over) {
        var copy = new TreeMap<>(values);
        copy.putAll(over.values);
        return new FlinkConfig(copy);
    }

    /** Without a key. */
    public FlinkConfig without(String key) {
        return values.containsKey(key) ? filter(k -> !k.equals(key)) : this;
    }

    /** Only the keys that pass. */
    public FlinkConfig filter(Predicate<String> keep) {
        var copy = new TreeMap<String, String>();
        values.forEach((key, value) -> {
            if (keep.test(key)) {
                copy.put(key, value);
            }
        });
        return new FlinkConfig(copy);
    }

    /** Whether Kubernetes high availability is on. */
    public boolean kubernetesHighAvailability() {
        var type = highAvailabilityType();
        return type.equalsIgnoreCase("kubernetes")
                || type.equals("org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory");
    }

    /** Whether ZooKeeper high availability is on. */
    public boolean zooKeeperHighAvailability() {
        return highAvailabilityType().equalsIgnoreCase("zookeeper");
    }

    /** Whether any high availability is on. */
    public boolean highAvailability() {
        var type = highAvailabilityType();
        return !type.equalsIgnoreCase("none") && !type.equalsIgnoreCase("standalone");
    }

    /** Under any name that Flink reads; {@code standalone} is an old word for none. */
    private String highAvailabilityType() {
        return get("high-availability.type")
                .or(() -> get("high-availability"))
                .or(() -> get("recovery.mode"))
                .orElse("NONE")
                .strip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlinkConfig that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The keys only: values may be secrets. */
    @Override
    public String toString() {
        return "FlinkConfig" + values.keySet();
    }
}
