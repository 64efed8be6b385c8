package io.drey.plugin.upgrades;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.resource.FlinkResource;
import java.util.Optional;

/**
 * The path that a job was started from. Flink keeps this snapshot in high-availability metadata under its own number until
 * the job has completed a checkpoint, and the metadata does not show where it is.
 *
 * @param jobId of the launch; a job that goes on from metadata keeps it
 * @param checkpointId of the snapshot; empty until it is known
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
record Restored(String jobId, String path, Optional<Long> checkpointId) {
    Restored {
        jobId = jobId == null ? "" : jobId;
        path = path == null ? "" : path;
        checkpointId = checkpointId == null ? Optional.empty() : checkpointId;
    }

    /** What the job that is recorded was started from; empty when that was no path. */
    static Optional<Restored> of(FlinkResource resource) {
        return Optional.ofNullable(resource.status().plugins().get(RestoredPart.PLUGIN))
                .map(memory -> memory.path(RestoredPart.FIELD))
                .map(part -> new Restored(
                        part.path("jobId").asText(),
                        part.path("path").asText(),
                        Optional.of(part.path("checkpointId"))
                                .filter(JsonNode::canConvertToLong)
                                .map(JsonNode::asLong)))
                .filter(restored -> Optional.of(restored.jobId())
                        .equals(resource.status().jobStatus().jobId()));
    }

    /** The same after a launch. */
    static Optional<Restored> after(Operation launch, Optional<Restored> before) {
        var jobId = launch.results().getOrDefault(Operation.JOB_ID, "");
        var restore = launch.knownRestore();
        return restore.mode() == RestoreMode.HIGH_AVAILABILITY
                ? before.filter(restored -> restored.jobId().equals(jobId))
                : restore.path()
                        .map(path -> new Restored(
                                jobId,
                                path,
                                Optional.ofNullable(launch.results().get(Operation.CHECKPOINT_ID))
                                        .map(Long::valueOf)));
    }

    /** With the number of the snapshot, once Flink has answered what the job restored. */
    Restored identified(JobCheckpoints checkpoints) {
        return checkpointId.isPresent() || !checkpoints.jobId().equals(jobId)
                ? this
                : checkpoints
                        .restored()
                        .filter(snapshot -> snapshot.path()
                                .map(Promise::name)
                                .equals(Optional.of(path).map(Promise::name)))
                        .map(snapshot -> new Restored(jobId, path, Optional.of(snapshot.id())))
                        .orElse(this);
    }
}
