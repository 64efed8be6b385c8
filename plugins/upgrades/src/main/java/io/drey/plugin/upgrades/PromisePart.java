package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkResource;
import jakarta.inject.Inject;
import java.util.Optional;

/** Remembers what the job that runs was promised, from its launch until Flink confirms it. */
final class PromisePart extends PluginMemory<Promise> {
    private static final String PLUGIN = "upgrades";
    private static final String FIELD = "promise";

    @Inject
    PromisePart(ObjectMapper mapper) {
        super(mapper, PLUGIN, FIELD, Promise.class);
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
    public Optional<Promise> reduce(Optional<Promise> part, Turn turn) {
        if (turn.ended()
                && turn.before().filter(operation -> !operation.inPlace()).isPresent()) {
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
}
