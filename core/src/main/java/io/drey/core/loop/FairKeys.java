package io.drey.core.loop;

import io.drey.spi.resource.ResourceRef;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keys that wait, in order, and the namespaces take turns: one with a thousand keys does not hold up one with a single key. */
final class FairKeys {
    private final Map<String, Set<ResourceRef>> namespaces = new LinkedHashMap<>();

    void add(ResourceRef ref) {
        namespaces
                .computeIfAbsent(ref.namespace(), none -> new LinkedHashSet<>())
                .add(ref);
    }

    void remove(ResourceRef ref) {
        var keys = namespaces.get(ref.namespace());
        if (keys != null && keys.remove(ref) && keys.isEmpty()) {
            namespaces.remove(ref.namespace());
        }
    }

    Optional<ResourceRef> poll() {
        var turns = namespaces.entrySet().iterator();
        if (!turns.hasNext()) {
            return Optional.empty();
        }
        var turn = turns.next();
        var namespace = turn.getKey();
        var keys = turn.getValue();
        turns.remove();
        var inTurn = keys.iterator();
        var ref = inTurn.next();
        inTurn.remove();
        if (!keys.isEmpty()) {
            namespaces.put(namespace, keys);
        }
        return Optional.of(ref);
    }
}
