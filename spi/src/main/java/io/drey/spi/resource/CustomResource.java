package io.drey.spi.resource;

/**
 * A custom resource as it was at one time. A value: {@code withSpec} and {@code withStatus} of its record make others.
 * Record types implement it, with a record each for spec and status.
 */
public interface CustomResource {
    /** The names of its kind. */
    ResourceType type();

    /** Name, labels and what else Kubernetes keeps of each object. */
    Metadata metadata();

    /** What is wanted. */
    Object spec();

    /** What is known. */
    Object status();

    /** Names it. */
    default ResourceRef ref() {
        return new ResourceRef(type().kind(), metadata().namespace(), metadata().name());
    }
}
