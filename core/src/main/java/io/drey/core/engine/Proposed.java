package io.drey.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A spec that somebody thinks of applying.
 *
 * @param kind that reads it
 * @param manifest as it would be applied; its status and what the API server writes count for nothing
 */
record Proposed(ResourceKind<CustomResource> kind, ResourceRef ref, JsonNode manifest) {
    /**
     * Reads a manifest.
     *
     * @throws IllegalArgumentException when it names no resource that could be planned
     */
    static Proposed read(JsonNode manifest, Map<String, ResourceKind<?>> kinds) {
        var name = manifest.path("kind").asText();
        var kind = kinds.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("kind: found '" + name + "', must be one of "
                    + String.join(", ", new TreeSet<>(kinds.keySet())) + ", which the installed plugins know");
        }
        var apiVersion = manifest.path("apiVersion").asText();
        if (!apiVersion.equals(kind.type().apiVersion())) {
            throw new IllegalArgumentException("apiVersion: found '" + apiVersion + "', must be "
                    + kind.type().apiVersion() + " for kind " + name);
        }
        if (!manifest.path("spec").isObject()) {
            throw new IllegalArgumentException("spec: found "
                    + (manifest.has("spec") ? "'" + manifest.path("spec").getNodeType() + "'" : "nothing")
                    + ", must be an object");
        }
        return new Proposed(
                Pass.kindOf(kind),
                new ResourceRef(
                        name, text(manifest, "namespace", DnsName.LABEL), text(manifest, "name", DnsName.SUBDOMAIN)),
                manifest);
    }

    private static String text(JsonNode manifest, String field, DnsName form) {
        var found = manifest.path("metadata").path(field).asText();
        if (found.isBlank()) {
            throw new IllegalArgumentException("metadata." + field + ": found nothing, must be the resource's");
        }
        return form.checked("metadata." + field, found);
    }

    /** The resource as it would be when this was applied over the live one. */
    CustomResource over(Optional<CustomResource> live) {
        var raw = JsonNodeFactory.instance.objectNode();
        raw.put("apiVersion", kind.type().apiVersion()).put("kind", ref.kind());
        var metadata = raw.putObject("metadata");
        metadata.put("namespace", ref.namespace()).put("name", ref.name());
        live.ifPresent(resource -> {
            var known = resource.metadata();
            texts(metadata, "labels", known.labels());
            texts(metadata, "annotations", known.annotations());
            metadata.put("uid", known.uid());
            metadata.put("resourceVersion", known.resourceVersion());
            known.finalizers().forEach(metadata.withArray("finalizers")::add);
            if (!known.creationTimestamp().equals(Instant.EPOCH)) {
                metadata.put("creationTimestamp", known.creationTimestamp().toString());
            }
            known.deletionTimestamp().ifPresent(at -> metadata.put("deletionTimestamp", at.toString()));
            raw.set("status", kind.writeStatus(resource));
        });
        copy("labels", metadata);
        copy("annotations", metadata);
        raw.set("spec", manifest.path("spec"));
        return kind.read(counted(raw, live));
    }

    /** The API server counts a spec that differs. */
    private ObjectNode counted(ObjectNode raw, Optional<CustomResource> live) {
        long before = live.map(resource -> resource.metadata().generation()).orElse(0L);
        boolean same = live.filter(
                        resource -> kind.specDiff(resource, kind.read(raw)).isEmpty())
                .isPresent();
        raw.withObject("/metadata").put("generation", same ? before : before + 1);
        return raw;
    }

    private static void texts(ObjectNode metadata, String field, Map<String, String> values) {
        var object = metadata.withObject("/" + field);
        values.forEach(object::put);
    }

    private void copy(String field, ObjectNode metadata) {
        if (manifest.path("metadata").path(field) instanceof ObjectNode given) {
            metadata.withObject("/" + field).setAll(given);
        }
    }
}
