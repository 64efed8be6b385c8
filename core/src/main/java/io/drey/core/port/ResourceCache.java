package io.drey.core.port;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the informers hold. Never blocks; may lag behind the API server. Thread-safe. */
public interface ResourceCache {
    /**
     * A resource as this kind reads it, which it does once per version.
     *
     * @param kind of the generation that the pass is in
     * @return empty when it is not there, or {@link #unreadable}
     * @throws RuntimeException of a kind that failed: the object is kept, and read by the next call
     */
    Optional<CustomResource> resource(ResourceRef ref, ResourceKind<?> kind);

    /** Why a resource that is there cannot be read by this kind, if that is so. Only a change of the resource helps. */
    default Optional<Unreadable> unreadable(ResourceRef ref, ResourceKind<?> kind) {
        return Optional.empty();
    }

    /**
     * A resource that cannot be read.
     *
     * @param shell what can be read of it: enough to write an event about
     * @param why names the field, what it holds and what it may hold
     */
    record Unreadable(Optional<CustomResource> shell, String why) {}

    /** The labels of a namespace; empty when it is not there, or when namespaces are not watched. */
    Map<String, String> namespaceLabels(String namespace);

    /** All resources, for a look over everything. */
    List<ResourceRef> resources();

    /** The watches that are not served now, be they refused or cut off. */
    default List<Unwatched> unwatched() {
        return List.of();
    }

    /**
     * A watch that is not served.
     *
     * @param what is watched, in which namespace
     * @param state {@code FORBIDDEN}, {@code ABSENT} or {@code CUT_OFF}
     * @param detail with what to do about it
     */
    record Unwatched(String what, String namespace, String state, String detail) {}

    /** A watched object. */
    Optional<JsonNode> object(ObjectKey key);

    /** Watched objects whose labels include these. */
    List<JsonNode> objects(String apiVersion, String kind, String namespace, Map<String, String> labels);
}
