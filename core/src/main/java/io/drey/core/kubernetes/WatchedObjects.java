package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The objects of one kind and one label selector, found by key, and by owner without a look at all of them. Thread-safe,
 * as long as one object is not changed by two threads at once.
 */
final class WatchedObjects {
    /** What is asked for, by one informer for all who ask for the same. */
    record Selection(String apiVersion, String kind, Map<String, String> labels) {}

    /** How an object names the resource that it belongs to. */
    private record Owner(String label, String resourceKind) {}

    private record Bucket(String namespace, String label, String value) {}

    private final Selection selection;
    private final Set<Watch> watches = new LinkedHashSet<>();
    private final Set<Owner> owners = new LinkedHashSet<>();
    private final KeptParts parts;
    private final Map<ObjectKey, Packed> objects = new ConcurrentHashMap<>();
    private final Map<Bucket, List<ObjectKey>> buckets = new ConcurrentHashMap<>();

    private WatchedObjects(Selection selection, KeptParts parts) {
        this.selection = selection;
        this.parts = parts;
    }

    /**
     * One for each selection that is asked for. Objects of one kind are kept with the same parts, since one may be in more
     * than one selection.
     */
    static List<WatchedObjects> of(Collection<Watch> watches) {
        Map<Selection, WatchedObjects> all = new LinkedHashMap<>();
        for (var watch : watches) {
            var selection = new Selection(watch.apiVersion(), watch.kind(), new TreeMap<>(watch.labels()));
            var one = all.computeIfAbsent(
                    selection, none -> new WatchedObjects(selection, parts(watches, watch.apiVersion(), watch.kind())));
            one.watches.add(watch);
            one.owners.add(new Owner(watch.ownerLabel(), watch.resourceKind()));
        }
        return List.copyOf(all.values());
    }

    private static KeptParts parts(Collection<Watch> watches, String apiVersion, String kind) {
        return KeptParts.of(watches.stream()
                .filter(watch ->
                        watch.apiVersion().equals(apiVersion) && watch.kind().equals(kind))
                .toList());
    }

    /** Whether everything that the other one watches is found here as well. */
    boolean covers(WatchedObjects other) {
        return selection.equals(other.selection) && owners.containsAll(other.owners) && parts.covers(other.parts);
    }

    /** Those that it serves. */
    Collection<Watch> watches() {
        return watches;
    }

    Selection selection() {
        return selection;
    }

    ObjectKey key(String namespace, String name) {
        return new ObjectKey(selection.apiVersion(), selection.kind(), namespace, name);
    }

    /**
     * Takes in an object, and returns the resources that it belongs, or belonged, to: none when the parts that are kept did
     * not change.
     */
    List<ResourceRef> put(ObjectNode object) {
        // One text for each namespace, not one for each object.
        var found = ObjectKey.of(object);
        var key = key(found.namespace().intern(), found.name());
        var now = Packed.of(parts.of(object));
        var before = objects.put(key, now);
        if (now.equals(before)) {
            return List.of();
        }
        var earlier = before == null ? MissingNode.getInstance() : before.tree();
        List<ResourceRef> concerned = new ArrayList<>();
        for (var owner : owners) {
            var name = owner(object, owner);
            var earlierName = owner(earlier, owner);
            earlierName.filter(old -> !name.equals(earlierName)).ifPresent(old -> {
                drop(key, owner, old);
                concerned.add(new ResourceRef(owner.resourceKind(), key.namespace(), old));
            });
            name.ifPresent(current -> {
                add(key, owner, current);
                concerned.add(new ResourceRef(owner.resourceKind(), key.namespace(), current));
            });
        }
        return concerned;
    }

    /** Drops an object, and returns the resources that it belonged to. */
    List<ResourceRef> remove(ObjectKey key) {
        List<ResourceRef> concerned = new ArrayList<>();
        var before = objects.remove(key);
        if (before != null) {
            var object = before.tree();
            for (var owner : owners) {
                owner(object, owner).ifPresent(name -> {
                    drop(key, owner, name);
                    concerned.add(new ResourceRef(owner.resourceKind(), key.namespace(), name));
                });
            }
        }
        return concerned;
    }

    private void add(ObjectKey key, Owner owner, String name) {
        buckets.compute(new Bucket(key.namespace(), owner.label(), name), (bucket, held) -> {
            if (held != null && held.contains(key)) {
                return held;
            }
            return Stream.concat(Stream.ofNullable(held).flatMap(List::stream), Stream.of(key))
                    .toList();
        });
    }

    private void drop(ObjectKey key, Owner owner, String name) {
        buckets.computeIfPresent(new Bucket(key.namespace(), owner.label(), name), (bucket, held) -> {
            var left = held.stream().filter(one -> !one.equals(key)).toList();
            return left.isEmpty() ? null : left;
        });
    }

    private static Optional<String> owner(JsonNode object, Owner owner) {
        return Optional.ofNullable(object.path("metadata").path("labels").get(owner.label()))
                .map(JsonNode::asText);
    }

    Optional<JsonNode> get(ObjectKey key) {
        return Optional.ofNullable(objects.get(key)).map(Packed::tree);
    }

    List<JsonNode> find(String namespace, Map<String, String> labels) {
        return owners.stream()
                .filter(owner -> !labels.getOrDefault(owner.label(), "").isEmpty())
                .findFirst()
                .map(owner -> (Collection<ObjectKey>) buckets.getOrDefault(
                        new Bucket(namespace, owner.label(), labels.getOrDefault(owner.label(), "")), List.of()))
                .orElse(objects.keySet())
                .stream()
                .filter(key -> key.namespace().equals(namespace))
                .map(this::get)
                .flatMap(Optional::stream)
                .filter(object -> carries(object, labels))
                .toList();
    }

    private static boolean carries(JsonNode object, Map<String, String> labels) {
        var own = object.path("metadata").path("labels");
        return labels.entrySet().stream()
                .allMatch(label -> own.has(label.getKey())
                        && (label.getValue().isEmpty()
                                || own.path(label.getKey()).asText().equals(label.getValue())));
    }
}
