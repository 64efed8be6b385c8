package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A spec as it is recorded in {@code status.reconciliationStatus}: what was deployed, is being deployed, or was last
 * found good. It is a text of JSON on the wire, read and written by {@link ResourceMapper}.
 *
 * @param spec the recorded spec
 * @param metadata absent in records of old versions, and always for a blue/green deployment
 * @param <S> {@link FlinkDeploymentSpec}, {@link FlinkSessionJobSpec} or {@link FlinkBlueGreenDeploymentSpec}
 */
public record LastReconciledSpec<S>(S spec, Optional<ResourceMetadata> metadata) {
    /**
     * What is recorded beside the spec.
     *
     * @param apiVersion of the resource
     * @param firstDeployment whether the spec is, or will be, the first that was ever deployed
     * @param unknown fields that this version does not know, kept to be written back
     */
    public record ResourceMetadata(
            String apiVersion,
            boolean firstDeployment,
            @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
        public ResourceMetadata {
            apiVersion = apiVersion == null ? "" : apiVersion;
            var kept = new LinkedHashMap<>(unknown == null ? Map.<String, JsonNode>of() : unknown);
            // Old versions recorded the whole metadata of the resource.
            kept.remove("metadata");
            unknown = Copies.of(kept);
        }
    }

    public LastReconciledSpec {
        requireNonNull(spec, "spec");
        requireNonNull(metadata, "metadata");
    }

    /** A record of a Flink resource's spec. */
    public static <S> LastReconciledSpec<S> of(S spec, ResourceType type, boolean firstDeployment) {
        return new LastReconciledSpec<>(
                spec, Optional.of(new ResourceMetadata(type.apiVersion(), firstDeployment, Map.of())));
    }

    /** Whether the spec is, or will be, the first that was ever deployed. */
    public boolean firstDeployment() {
        return metadata.map(ResourceMetadata::firstDeployment).orElse(false);
    }

    /** The same about another spec. */
    public LastReconciledSpec<S> withSpec(S other) {
        return new LastReconciledSpec<>(other, metadata);
    }
}
