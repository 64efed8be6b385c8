package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kubernetes keeps of each object: meta/v1 {@code ObjectMeta}, as far as it is used. It is read only; changes are
 * made by steps.
 *
 * @param namespace where the resource is
 * @param name unique for its kind in its namespace
 * @param uid unique for all time; empty before the API server has seen it
 * @param generation counts changes of the spec, from 1; 0 before the API server has seen it
 * @param resourceVersion changes with each write; empty before the API server has seen it
 * @param labels by key
 * @param annotations by key
 * @param finalizers what must be done before it may go
 * @param creationTimestamp {@link Instant#EPOCH} before the API server has seen it
 * @param deletionTimestamp present from when its deletion was asked for
 * @param ownerReferences what it is collected with
 */
public record Metadata(
        String namespace,
        String name,
        String uid,
        long generation,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<String> finalizers,
        Instant creationTimestamp,
        Optional<Instant> deletionTimestamp,
        List<OwnerReference> ownerReferences) {

    public Metadata {
        requireNonNull(namespace, "namespace");
        requireNonNull(name, "name");
        uid = uid == null ? "" : uid;
        resourceVersion = resourceVersion == null ? "" : resourceVersion;
        labels = Copies.of(labels);
        annotations = Copies.of(annotations);
        finalizers = Copies.of(finalizers);
        creationTimestamp = creationTimestamp == null ? Instant.EPOCH : creationTimestamp;
        ownerReferences = Copies.of(ownerReferences);
    }

    /** Of a resource that the API server has not seen. */
    public static Metadata of(String namespace, String name) {
        return new Metadata(
                namespace, name, "", 0, "", Map.of(), Map.of(), List.of(), Instant.EPOCH, Optional.empty(), List.of());
    }

    /** Whether its deletion was asked for. */
    public boolean deleting() {
        return deletionTimestamp.isPresent();
    }
}
