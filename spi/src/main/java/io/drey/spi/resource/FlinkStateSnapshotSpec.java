package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Exactly one of {@code savepoint} and {@code checkpoint} is given.
 *
 * @param jobReference what is taken a snapshot of
 * @param savepoint asks for a savepoint
 * @param checkpoint asks for a checkpoint
 * @param backoffLimit retries before it counts as failed; -1, the default, means without end
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkStateSnapshotSpec(
        Optional<JobReference> jobReference,
        Optional<SavepointSpec> savepoint,
        Optional<CheckpointSpec> checkpoint,
        Integer backoffLimit,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public FlinkStateSnapshotSpec {
        backoffLimit = backoffLimit == null ? -1 : backoffLimit;
        unknown = Copies.of(unknown);
    }
}
