package io.drey.core.flink;

import io.drey.spi.resource.ResourceRef;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What each subscriber has asked for. It may name what the subscriber has lost interest in since. Thread-safe. */
final class SubscriberIndex<K> {
    private final Map<ResourceRef, Set<K>> keys = new ConcurrentHashMap<>();

    void add(ResourceRef subscriber, K key) {
        keys.computeIfAbsent(subscriber, first -> ConcurrentHashMap.newKeySet()).add(key);
    }

    Set<K> of(ResourceRef subscriber) {
        return keys.getOrDefault(subscriber, Set.of());
    }

    /** Returns what it had asked for. */
    Set<K> forget(ResourceRef subscriber) {
        var asked = keys.remove(subscriber);
        return asked == null ? Set.of() : asked;
    }
}
