package io.drey.plugin.upgrades;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.JobCheckpoints.Snapshot;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state that a launch was promised, kept until Flink says what the job restored.
 *
 * @param jobId of the launch
 * @param path what it was told to restore from; empty where it finds its state itself
 * @param checkpointId of that state, where it is known
 * @param from how the state was to be found
 * @param doubtedSince when Flink first listed the job as running without saying that it restored this state, milliseconds
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
record Promise(
        String jobId,
        Optional<String> path,
        Optional<Long> checkpointId,
        RestoreMode from,
        Optional<Long> doubtedSince) {
    Promise {
        path = path == null ? Optional.empty() : path;
        checkpointId = checkpointId == null ? Optional.empty() : checkpointId;
        doubtedSince = doubtedSince == null ? Optional.empty() : doubtedSince;
    }

    /** What an operation that has launched a job promised it; empty when it was to start empty, or nothing is known. */
    static Optional<Promise> of(Operation operation) {
        var jobId = operation.results().get(Operation.JOB_ID);
        var restore = operation.knownRestore();
        if (!operation.launch() || jobId == null || restore.mode() == RestoreMode.NONE) {
            return Optional.empty();
        }
        var id = Optional.ofNullable(operation.results().get(Operation.CHECKPOINT_ID))
                .map(Long::valueOf);
        return restore.path().isEmpty() && id.isEmpty()
                ? Optional.empty()
                : Optional.of(new Promise(jobId, restore.path(), id, restore.mode(), Optional.empty()));
    }

    /** Whether it is known by now that the promise was kept. */
    boolean kept(JobCheckpoints checkpoints) {
        return isAbout(checkpoints)
                && checkpoints.restored().filter(this::enough).isPresent();
    }

    /** Whether the job runs, and Flink does not say that it restored this state. */
    boolean doubtful(JobCheckpoints checkpoints) {
        return isAbout(checkpoints) && checkpoints.state().equals("RUNNING") && !kept(checkpoints);
    }

    /**
     * Whether it is known by now that the promise was broken: Flink's answers are as old as its cache allows, so what it
     * says in the first moments may be from before the restore.
     *
     * @param cache how old an answer may be when it is given
     */
    boolean broken(JobCheckpoints checkpoints, Duration cache) {
        return doubtful(checkpoints)
                && doubtedSince
                        .map(Instant::ofEpochMilli)
                        .filter(since -> !checkpoints.at().isBefore(since.plus(cache)))
                        .isPresent();
    }

    /** In doubt from now on, unless it is already. */
    Promise doubted(Instant now) {
        return doubtedSince.isPresent()
                ? this
                : new Promise(jobId, path, checkpointId, from, Optional.of(now.toEpochMilli()));
    }

    private boolean isAbout(JobCheckpoints checkpoints) {
        return checkpoints.known() && checkpoints.jobId().equals(jobId);
    }

    /** The state itself, or a newer one, to which the job got before its JobManager started once more. */
    private boolean enough(Snapshot restored) {
        if (checkpointId.isPresent()) {
            return restored.id() >= checkpointId.get();
        }
        return !restored.savepoint()
                || restored.path().map(Promise::name).equals(path.map(Promise::name))
                || restored.path().isEmpty();
    }

    /** The last part of a path: Flink writes the same place in more than one way. */
    static String name(String path) {
        var folder = path.endsWith("/_metadata") ? path.substring(0, path.length() - "/_metadata".length()) : path;
        var trimmed = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** What is known of the state, for an operation that is to restore it after all. */
    Map<String, String> results() {
        Map<String, String> results = new TreeMap<>();
        checkpointId.ifPresent(id -> results.put(Operation.CHECKPOINT_ID, String.valueOf(id)));
        return results;
    }
}
