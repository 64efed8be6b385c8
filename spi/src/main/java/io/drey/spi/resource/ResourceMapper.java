package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drey.spi.operation.Operation;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads resources into records and writes them back. Unknown fields and unknown values of enumerations are kept; nulls
 * are not written, except in recorded specs, where every field is. Make one for each plugin: it caches the types that it
 * meets, so one that outlived a plugin would keep its classes. Thread-safe.
 */
public final class ResourceMapper {
    private static final JsonInclude.Value NO_NULLS =
            JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS);
    private static final String RECORD = "recorded spec";
    private static final String OPERATION = "operation";
    private static final String RESOURCE_METADATA = "resource_metadata";

    private final ObjectMapper wire;
    private final ObjectMapper recorded;

    public ResourceMapper() {
        wire = JsonMapper.builder()
                .typeFactory(TypeFactory.defaultInstance().withCache(new LRUMap<>(16, 200)))
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                .defaultPropertyInclusion(NO_NULLS)
                .build();
        recorded = wire.copy().setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);
    }

    /**
     * Reads a raw resource of group {@code flink.apache.org} by its {@code kind}.
     *
     * @throws UnreadableResourceException if the kind is another one, or a field has the wrong form
     */
    public CustomResource read(JsonNode raw) {
        var kind = raw.path("kind").asText();
        return switch (kind) {
            case "FlinkDeployment" -> deployment(raw);
            case "FlinkSessionJob" -> sessionJob(raw);
            case "FlinkStateSnapshot" -> stateSnapshot(raw);
            case "FlinkBlueGreenDeployment" -> blueGreenDeployment(raw);
            default ->
                throw new UnreadableResourceException(
                        subject(raw), "kind", "found \"" + kind + "\", must be a kind of flink.apache.org", null);
        };
    }

    /**
     * Reads a raw FlinkDeployment.
     *
     * @throws UnreadableResourceException if a field has the wrong form
     */
    public FlinkDeployment deployment(JsonNode raw) {
        return new FlinkDeployment(
                metadata(raw),
                part(raw, "spec", FlinkDeploymentSpec.class),
                status(raw, FlinkDeploymentStatus.class, FlinkDeploymentStatus::withUnknown));
    }

    /**
     * Reads a raw FlinkSessionJob.
     *
     * @throws UnreadableResourceException if a field has the wrong form
     */
    public FlinkSessionJob sessionJob(JsonNode raw) {
        return new FlinkSessionJob(
                metadata(raw),
                part(raw, "spec", FlinkSessionJobSpec.class),
                status(raw, FlinkSessionJobStatus.class, FlinkSessionJobStatus::withUnknown));
    }

    /**
     * Reads a raw FlinkStateSnapshot.
     *
     * @throws UnreadableResourceException if a field has the wrong form
     */
    public FlinkStateSnapshot stateSnapshot(JsonNode raw) {
        return new FlinkStateSnapshot(
                metadata(raw),
                part(raw, "spec", FlinkStateSnapshotSpec.class),
                part(raw, "status", FlinkStateSnapshotStatus.class));
    }

    /**
     * Reads a raw FlinkBlueGreenDeployment.
     *
     * @throws UnreadableResourceException if a field has the wrong form
     */
    public FlinkBlueGreenDeployment blueGreenDeployment(JsonNode raw) {
        return new FlinkBlueGreenDeployment(
                metadata(raw),
                part(raw, "spec", FlinkBlueGreenDeploymentSpec.class),
                part(raw, "status", FlinkBlueGreenDeploymentStatus.class));
    }

    /**
     * Reads {@code metadata} of any raw resource.
     *
     * @throws UnreadableResourceException if a field has the wrong form
     */
    public Metadata metadata(JsonNode raw) {
        var metadata = wire.createObjectNode();
        if (raw.path("metadata") instanceof ObjectNode given) {
            metadata.setAll(given);
        }
        // Both may be missing in a manifest that no API server has seen.
        metadata.put("namespace", metadata.path("namespace").asText());
        metadata.put("name", metadata.path("name").asText());
        return convert(subject(raw), "metadata", metadata, Metadata.class);
    }

    /**
     * Reads one part, {@code spec} or {@code status}, of any raw resource. A part that is missing is read as an empty
     * one.
     *
     * @throws UnreadableResourceException if a field has the wrong form
     */
    public <T> T part(JsonNode raw, String name, Class<T> type) {
        var part = raw.path(name);
        return convert(
                subject(raw), name, part.isMissingNode() || part.isNull() ? wire.createObjectNode() : part, type);
    }

    /**
     * An operation that this version cannot read is kept among the fields that it does not know: the resource can be read,
     * and the version that wrote the operation finds it again.
     */
    private <T> T status(JsonNode raw, Class<T> type, HeldOperation<T> held) {
        var operation = raw.path("status").path(OPERATION);
        if (!operation.isObject() || unreadableOperation(operation).isEmpty()) {
            return part(raw, "status", type);
        }
        ObjectNode rest = raw.deepCopy();
        rest.withObject("/status").remove(OPERATION);
        return held.with(part(rest, "status", type), OPERATION, operation);
    }

    private interface HeldOperation<T> {
        T with(T status, String field, JsonNode value);
    }

    /** Why this version cannot read an operation; empty when it can. */
    public Optional<String> unreadableOperation(JsonNode operation) {
        try {
            wire.treeToValue(operation, Operation.class);
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(String.valueOf(UnreadableResourceException.of("status", OPERATION, operation, e)
                    .getMessage()));
        }
    }

    /** A whole resource, as it would be created: {@code apiVersion}, {@code kind}, {@code metadata}, spec and status. */
    public ObjectNode write(CustomResource resource) {
        var metadata = write(resource.metadata());
        if (resource.metadata().creationTimestamp().equals(Instant.EPOCH)) {
            metadata.remove("creationTimestamp");
        }
        var raw = wire.createObjectNode();
        raw.put("apiVersion", resource.type().apiVersion());
        raw.put("kind", resource.type().kind());
        raw.set("metadata", metadata);
        raw.set("spec", write(resource.spec()));
        raw.set("status", write(resource.status()));
        return raw;
    }

    /**
     * A spec or status, or a record inside one, without fields that are absent. Equal to the tree that a parser makes of
     * the same text, down to the types of numbers.
     */
    public ObjectNode write(Object part) {
        try {
            return wire.readValue(wire.writeValueAsBytes(part), ObjectNode.class);
        } catch (IOException e) {
            throw new IllegalStateException("a " + part.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
    }

    /**
     * Reads a recorded spec. Records of all versions are understood: without {@code resource_metadata}, the whole is
     * the spec.
     *
     * @param text as it stands in {@code lastReconciledSpec} or {@code lastStableSpec}
     * @param specType of the resource's kind
     * @throws UnreadableResourceException if it is not such a record
     */
    public <S> LastReconciledSpec<S> readRecorded(String text, Class<S> specType) {
        var record = parse(text);
        var metadata = record.path(RESOURCE_METADATA);
        if (metadata.isObject()) {
            return new LastReconciledSpec<>(
                    convert(RECORD, "spec", record.path("spec"), specType),
                    Optional.of(
                            convert(RECORD, RESOURCE_METADATA, metadata, LastReconciledSpec.ResourceMetadata.class)));
        }
        record.remove(RESOURCE_METADATA);
        if (record.size() == 1 && record.path("spec").isObject()) {
            return new LastReconciledSpec<>(convert(RECORD, "spec", record.path("spec"), specType), Optional.empty());
        }
        record.remove("apiVersion");
        return new LastReconciledSpec<>(convert(RECORD, "", record, specType), Optional.empty());
    }

    /** The text of a recorded spec: every field is written, also those that are null or have their default. */
    public String writeRecorded(LastReconciledSpec<?> recordedSpec) {
        var record = wire.createObjectNode();
        record.set("spec", recorded.valueToTree(recordedSpec.spec()));
        recordedSpec.metadata().ifPresent(metadata -> record.set(RESOURCE_METADATA, recorded.valueToTree(metadata)));
        return record.toString();
    }

    private ObjectNode parse(String text) {
        try {
            if (wire.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new UnreadableResourceException(RECORD, "", "is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new UnreadableResourceException(RECORD, "", "must be a JSON object", null);
    }

    private <T> T convert(String subject, String root, JsonNode node, Class<T> type) {
        try {
            return wire.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw UnreadableResourceException.of(subject, root, node, e);
        }
    }

    private static String subject(JsonNode raw) {
        return raw.path("kind").asText("resource")
                + " " + raw.at("/metadata/namespace").asText()
                + "/" + raw.at("/metadata/name").asText();
    }
}
