package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

/**
 * Names one namespaced resource.
 *
 * @param kind for example {@code FlinkDeployment}
 * @param namespace where it is
 * @param name unique for its kind in its namespace
 */
public record ResourceRef(String kind, String namespace, String name) {
    public ResourceRef {
        requireNonNull(kind, "kind");
        requireNonNull(namespace, "namespace");
        requireNonNull(name, "name");
    }

    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
