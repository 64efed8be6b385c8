package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.ResourceCache.Unreadable;
import io.drey.core.port.Schedule.Priority;
import io.drey.core.port.WorkingFor;
import io.drey.spi.ResourceKind;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources of one kind. Each version is read once by the kind, when a pass first wants it.
 *
 * <p>A kind is a plugin, which may be slow, refused by its breaker, or out of memory. Its failure must not cost an event:
 * the object waits as it was received, and the next pass over it tries again.
 *
 * <p>Thread-safe, as long as one resource is not changed by two threads at once.
 */
final class CachedResources {
    private static final Logger LOG = LoggerFactory.getLogger(CachedResources.class);

    private static final int MOST_FAILURES = 2;

    /** One version of a resource. */
    private sealed interface Entry {
        Marks marks();

        /** As it was received. */
        record Received(Marks marks, Packed object) implements Entry {}

        /** As the kind reads it. */
        record Read(CustomResource resource) implements Entry {
            @Override
            public Marks marks() {
                return Marks.of(resource.metadata());
            }
        }

        /**
         * The kind cannot read it, whoever asks, until it is changed.
         *
         * @param deletable what a deletion can work with
         */
        record Refused(Marks marks, Unreadable why, Optional<CustomResource> deletable) implements Entry {}
    }

    /** The part of the metadata that tells an edit from other changes. */
    private record Marks(
            String uid, String resourceVersion, long generation, boolean deleting, List<String> finalizers) {
        static Marks of(Metadata metadata) {
            return new Marks(
                    metadata.uid(),
                    metadata.resourceVersion(),
                    metadata.generation(),
                    metadata.deleting(),
                    metadata.finalizers());
        }

        static Marks of(JsonNode object) {
            var metadata = object.path("metadata");
            return new Marks(
                    metadata.path("uid").asText(),
                    metadata.path("resourceVersion").asText(),
                    metadata.path("generation").asLong(),
                    metadata.hasNonNull("deletionTimestamp"),
                    metadata.path("finalizers")
                            .valueStream()
                            .map(JsonNode::asText)
                            .toList());
        }

        boolean same(Marks other) {
            return uid.equals(other.uid) && resourceVersion.equals(other.resourceVersion);
        }

        /** Whether only the status differs, or metadata that means nothing here. */
        boolean unedited(Marks other) {
            return uid.equals(other.uid)
                    && generation == other.generation
                    && deleting == other.deleting
                    && finalizers.equals(other.finalizers);
        }
    }

    private final Map<ResourceRef, Entry> entries = new ConcurrentHashMap<>();
    private final Map<String, Set<ResourceRef>> byNamespace = new ConcurrentHashMap<>();

    boolean has(ResourceRef ref) {
        return entries.containsKey(ref);
    }

    List<ResourceRef> refs() {
        return List.copyOf(entries.keySet());
    }

    List<ResourceRef> refs(String namespace) {
        return List.copyOf(byNamespace.getOrDefault(namespace, Set.of()));
    }

    /** How many the kind cannot read until they are changed. */
    long unreadable() {
        return entries.values().stream().filter(Entry.Refused.class::isInstance).count();
    }

    /** Takes in an object, and returns how urgent a pass over it is: not at all if this version is known. */
    Optional<Priority> put(ResourceRef ref, ObjectNode object) {
        var now = Marks.of(object);
        var before = entries.get(ref);
        if (before != null && before.marks().same(now)) {
            return Optional.empty();
        }
        entries.put(ref, new Entry.Received(now, Packed.of(object)));
        byNamespace
                .computeIfAbsent(ref.namespace(), none -> ConcurrentHashMap.newKeySet())
                .add(ref);
        return Optional.of(before != null && before.marks().unedited(now) ? Priority.EVENT : Priority.EDIT);
    }

    void remove(ResourceRef ref) {
        entries.remove(ref);
        byNamespace.computeIfPresent(ref.namespace(), (namespace, refs) -> {
            refs.remove(ref);
            return refs.isEmpty() ? null : refs;
        });
    }

    /**
     * The newest version.
     *
     * @return empty when it is not there, and when the kind cannot read it, unless it is being deleted
     * @throws RuntimeException of a kind that failed: the object is kept, and read by the next call
     */
    Optional<CustomResource> get(ResourceRef ref, ResourceKind<?> kind) {
        return switch (newest(ref, kind)) {
            case null -> Optional.empty();
            case Entry.Read read -> Optional.of(read.resource());
            case Entry.Refused refused -> refused.deletable();
            case Entry.Received received -> throw new IllegalStateException("read by now");
        };
    }

    /**
     * Reads all, one after the other: a cold plugin that fifty workers call at once is slow enough to be taken for one that
     * hangs. What fails is left to the passes.
     */
    void warm(ResourceKind<?> kind) {
        int failures = 0;
        for (var ref : entries.keySet()) {
            try {
                newest(ref, kind);
            } catch (RuntimeException e) {
                LOG.warn("{} cannot be read yet: {}", ref, e.getMessage());
                failures++;
                if (failures == MOST_FAILURES) {
                    return;
                }
            }
        }
    }

    /** Why the kind cannot read the newest version, if it is so. */
    Optional<Unreadable> unreadable(ResourceRef ref, ResourceKind<?> kind) {
        return newest(ref, kind) instanceof Entry.Refused refused ? Optional.of(refused.why()) : Optional.empty();
    }

    private @Nullable Entry newest(ResourceRef ref, ResourceKind<?> kind) {
        while (true) {
            var entry = entries.get(ref);
            if (!(entry instanceof Entry.Received received)) {
                return entry;
            }
            var read = read(ref, kind, received);
            // A newer version may have come meanwhile.
            if (entries.computeIfPresent(ref, (key, now) -> now == received ? read : now) == read) {
                return read;
            }
        }
    }

    /** A kind that fails over one resource is still called for the others, so the call names its resource. */
    private static Entry read(ResourceRef ref, ResourceKind<?> kind, Entry.Received received) {
        var object = received.object().tree();
        SharedTexts.in(object);
        try (var working = WorkingFor.resource(ref)) {
            return read(kind, received.marks(), object, ref);
        }
    }

    private static Entry read(ResourceKind<?> kind, Marks marks, ObjectNode object, ResourceRef ref) {
        try {
            return new Entry.Read(kind.read(object));
        } catch (IllegalArgumentException e) {
            LOG.error("{} cannot be read, and is left alone until it is changed: {}", ref, e.getMessage());
            return refused(kind, marks, object, String.valueOf(e.getMessage()));
        }
    }

    private static Entry refused(ResourceKind<?> kind, Marks marks, ObjectNode object, String why) {
        object.remove("spec");
        var shell = readable(kind, object);
        if (shell.isPresent()) {
            // A deletion ends the deployed spec, which the status records.
            return new Entry.Refused(
                    marks,
                    new Unreadable(shell, why),
                    shell.filter(resource -> marks.deleting()).map(resource -> deployed(kind, resource)));
        }
        // A status that nobody can read may name state that a deletion would have to save: nothing is deleted by it.
        object.remove("status");
        return new Entry.Refused(marks, new Unreadable(readable(kind, object), why), Optional.empty());
    }

    private static Optional<CustomResource> readable(ResourceKind<?> kind, ObjectNode object) {
        try {
            return Optional.of(kind.read(object));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked")
    private static <R extends CustomResource> CustomResource deployed(ResourceKind<R> kind, CustomResource resource) {
        return kind.deployed((R) resource).map(CustomResource.class::cast).orElse(resource);
    }
}
