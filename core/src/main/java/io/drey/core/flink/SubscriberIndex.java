package io.drey.core.flink;

import io.drey.spi.resource.ResourceRef;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keys by subscriber. A key may be one that the subscriber has lost interest in since. Thread-safe. */
final class SubscriberIndex<K> {
    private final Map<ResourceRef, Set<K>> keys = new ConcurrentHashMap<>();

    void add(ResourceRef subscriber, K key) {
        keys.compute(subscriber, (ref, known) -> {
            Set<K> added = known == null ? ConcurrentHashMap.newKeySet() : known;
            added.add(key);
            return added;
        });
    }

    void remove(ResourceRef subscriber, K key) {
        keys.computeIfPresent(subscriber, (ref, known) -> {
            known.remove(key);
            return known.isEmpty() ? null : known;
        });
    }

    Set<K> of(ResourceRef subscriber) {
        return keys.getOrDefault(subscriber, Set.of());
    }

    /** Removes the keys of a subscriber, and returns them. */
    Set<K> forget(ResourceRef subscriber) {
        var known = keys.remove(subscriber);
        return known == null ? Set.of() : known;
    }
}
