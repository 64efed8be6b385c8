package io.drey.spi.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Names a Kubernetes object.
 *
 * @param apiVersion {@code v1}, {@code apps/v1}
 * @param kind {@code Deployment}
 */
public record ObjectKey(String apiVersion, String kind, String namespace, String name) {
    public ObjectKey {
        requireNonNull(apiVersion, "apiVersion");
        requireNonNull(kind, "kind");
        requireNonNull(namespace, "namespace");
        requireNonNull(name, "name");
    }

    /** The key of a manifest that has all four. */
    public static ObjectKey of(JsonNode manifest) {
        return new ObjectKey(
                manifest.path("apiVersion").asText(),
                manifest.path("kind").asText(),
                manifest.path("metadata").path("namespace").asText(),
                manifest.path("metadata").path("name").asText());
    }

    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
