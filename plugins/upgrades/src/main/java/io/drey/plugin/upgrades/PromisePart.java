package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.StatusPart;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Remembers what the job that runs was promised, from its launch until Flink confirms it. */
final class PromisePart implements StatusPart<Optional<Promise>> {
    private static final String PLUGIN = "upgrades";
    private static final String FIELD = "promise";

    private final ObjectMapper mapper;

    @Inject
    PromisePart(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** The promise that is not confirmed yet. */
    Optional<Promise> of(CustomResource resource) {
        return resource instanceof FlinkResource flink
                ? Optional.ofNullable(flink.status().plugins().get(PLUGIN)).flatMap(this::parsed)
                : Optional.empty();
    }

    /** The checkpoint that the recorded job was to restore from metadata, as long as it has not. */
    static Optional<Long> promisedCheckpoint(FlinkResource resource) {
        return Optional.ofNullable(resource.status().plugins().get(PLUGIN))
                .map(memory -> memory.path(FIELD))
                .filter(promise -> promise.path("from").asText().equals(RestoreMode.HIGH_AVAILABILITY.name())
                        && Optional.of(promise.path("jobId").asText())
                                .equals(resource.status().jobStatus().jobId())
                        && promise.path("checkpointId").canConvertToLong())
                .map(promise -> promise.path("checkpointId").asLong());
    }

    @Override
    public List<String> paths() {
        return List.of("/plugins/" + PLUGIN + "/" + FIELD);
    }

    @Override
    public Optional<Promise> read(JsonNode status) {
        return parsed(status.path("plugins").path(PLUGIN));
    }

    private Optional<Promise> parsed(JsonNode memory) {
        var promise = memory.path(FIELD);
        try {
            return promise.isObject() ? Optional.of(mapper.convertValue(promise, Promise.class)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Nobody but this plugin writes it. Whatever it is, it promises nothing.
            return Optional.empty();
        }
    }

    @Override
    public Optional<Promise> reduce(Optional<Promise> part, Turn turn) {
        if (turn.ended()) {
            return turn.before().flatMap(Promise::of);
        }
        if (part.isEmpty()) {
            return part;
        }
        var checkpoints = JobSeen.of(turn.situation()).checkpoints();
        if (checkpoints.filter(part.get()::kept).isPresent()) {
            return Optional.empty();
        }
        return checkpoints.filter(part.get()::doubtful).isPresent()
                ? Optional.of(part.get().doubted(turn.situation().now()))
                : part;
    }

    @Override
    public void write(Optional<Promise> part, ObjectNode status) {
        if (part.isPresent()) {
            status.withObject("/plugins/" + PLUGIN).set(FIELD, mapper.valueToTree(part.get()));
        } else if (status.path("plugins").path(PLUGIN) instanceof ObjectNode memory) {
            memory.remove(FIELD);
            if (memory.isEmpty()) {
                status.withObject("/plugins").remove(PLUGIN);
            }
        }
    }
}
