package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

/**
 * An owner of a resource, with which it is collected: meta/v1 {@code OwnerReference}.
 *
 * @param apiVersion of the owner
 * @param kind of the owner
 * @param name of the owner
 * @param uid of the owner
 * @param controller whether the owner manages the resource
 * @param blockOwnerDeletion whether a foreground deletion of the owner waits for the resource
 */
public record OwnerReference(
        String apiVersion, String kind, String name, String uid, boolean controller, boolean blockOwnerDeletion) {
    public OwnerReference {
        requireNonNull(apiVersion, "apiVersion");
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(uid, "uid");
    }
}
