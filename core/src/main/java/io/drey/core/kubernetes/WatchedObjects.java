package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

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
    private final List<Owner> owners = new ArrayList<>();
    private final Map<ObjectKey, JsonNode> objects = new ConcurrentHashMap<>();
    private final Map<Bucket, Map<ObjectKey, JsonNode>> buckets = new ConcurrentHashMap<>();

    private WatchedObjects(Selection selection) {
        this.selection = selection;
    }

    /** One for each selection that is asked for. */
    static List<WatchedObjects> of(Collection<Watch> watches) {
        Map<Selection, WatchedObjects> all = new LinkedHashMap<>();
        for (var watch : watches) {
            var selection = new Selection(watch.apiVersion(), watch.kind(), new TreeMap<>(watch.labels()));
            var owners = all.computeIfAbsent(selection, WatchedObjects::new).owners;
            var owner = new Owner(watch.ownerLabel(), watch.resourceKind());
            if (!owners.contains(owner)) {
                owners.add(owner);
            }
        }
        return List.copyOf(all.values());
    }

    /** Whether everything that the other one watches is found here as well. */
    boolean covers(WatchedObjects other) {
        return selection.equals(other.selection) && owners.containsAll(other.owners);
    }

    Selection selection() {
        return selection;
    }

    ObjectKey key(String namespace, String name) {
        return new ObjectKey(selection.apiVersion(), selection.kind(), namespace, name);
    }

    /** Takes in an object, and returns the resources that it belongs, or belonged, to. */
    List<ResourceRef> put(JsonNode object) {
        var key = ObjectKey.of(object);
        var before = objects.put(key, object);
        List<ResourceRef> concerned = new ArrayList<>();
        for (var owner : owners) {
            var now = owner(object, owner);
            var earlier = Optional.ofNullable(before).flatMap(old -> owner(old, owner));
            earlier.filter(name -> !now.equals(earlier)).ifPresent(name -> {
                drop(key, owner, name);
                concerned.add(new ResourceRef(owner.resourceKind(), key.namespace(), name));
            });
            now.ifPresent(name -> {
                buckets.computeIfAbsent(
                                new Bucket(key.namespace(), owner.label(), name), none -> new ConcurrentHashMap<>())
                        .put(key, object);
                concerned.add(new ResourceRef(owner.resourceKind(), key.namespace(), name));
            });
        }
        return concerned;
    }

    /** Drops an object, and returns the resources that it belonged to. */
    List<ResourceRef> remove(ObjectKey key) {
        List<ResourceRef> concerned = new ArrayList<>();
        var before = objects.remove(key);
        if (before != null) {
            for (var owner : owners) {
                owner(before, owner).ifPresent(name -> {
                    drop(key, owner, name);
                    concerned.add(new ResourceRef(owner.resourceKind(), key.namespace(), name));
                });
            }
        }
        return concerned;
    }

    private void drop(ObjectKey key, Owner owner, String name) {
        buckets.computeIfPresent(new Bucket(key.namespace(), owner.label(), name), (bucket, held) -> {
            held.remove(key);
            return held.isEmpty() ? null : held;
        });
    }

    private static Optional<String> owner(JsonNode object, Owner owner) {
        return Optional.ofNullable(object.path("metadata").path("labels").get(owner.label()))
                .map(JsonNode::asText);
    }

    Optional<JsonNode> get(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    List<JsonNode> find(String namespace, Map<String, String> labels) {
        return owners.stream()
                .filter(owner -> !labels.getOrDefault(owner.label(), "").isEmpty())
                .findFirst()
                .map(owner -> buckets.getOrDefault(
                        new Bucket(namespace, owner.label(), labels.getOrDefault(owner.label(), "")), Map.of()))
                .orElse(objects)
                .values()
                .stream()
                .filter(object ->
                        object.path("metadata").path("namespace").asText().equals(namespace) && carries(object, labels))
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
