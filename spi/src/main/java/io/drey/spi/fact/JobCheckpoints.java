package io.drey.spi.fact;

import static java.util.Objects.requireNonNull;

import io.drey.spi.resource.FlinkJobState;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a JobManager says about the checkpoints of one job. Asked for on demand only.
 *
 * @param jobId which job
 * @param state Flink's JobStatus name as it was before the checkpoints were read, so that nothing can be newer than what
 *     was read of a job that had ended; empty text while there is no answer, or when the job is not known there
 * @param at when it was asked; {@link Instant#MIN} while there is no answer
 * @param completed the newest checkpoint
 * @param savepoint the newest savepoint
 * @param restored what the job was last restored from
 * @param pendingSince when the oldest checkpoint was triggered that is not complete yet
 */
public record JobCheckpoints(
        String jobId,
        String state,
        Instant at,
        Optional<Snapshot> completed,
        Optional<Snapshot> savepoint,
        Optional<Snapshot> restored,
        Optional<Instant> pendingSince) {
    /** This fact. */
    public static final FactType<JobCheckpoints> TYPE = new FactType<>("job-checkpoints", JobCheckpoints.class);

    /**
     * @param id rises with each checkpoint of a job, and goes on from what was restored
     * @param path empty when nothing outside of the JobManager can read it
     * @param at when it was complete, or restored
     * @param savepoint whether it is a savepoint
     */
    public record Snapshot(long id, Optional<String> path, Instant at, boolean savepoint) {
        public Snapshot {
            requireNonNull(path, "path");
            requireNonNull(at, "at");
        }
    }

    public JobCheckpoints {
        requireNonNull(jobId, "jobId");
        requireNonNull(state, "state");
        requireNonNull(at, "at");
        requireNonNull(completed, "completed");
        requireNonNull(savepoint, "savepoint");
        requireNonNull(restored, "restored");
        requireNonNull(pendingSince, "pendingSince");
    }

    /** Nothing is known of this job yet. */
    public static JobCheckpoints unread(String jobId) {
        return new JobCheckpoints(
                jobId, "", Instant.MIN, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether there was an answer about this job. */
    public boolean known() {
        return !state.isEmpty();
    }

    /** Whether the job had ended before its checkpoints were read. */
    public boolean ended() {
        return new FlinkJobState(state).isGloballyTerminal();
    }

    /** The newest state of this job, whatever kind it is; empty when it never had any. */
    public Optional<Snapshot> newest() {
        return Stream.of(completed, savepoint, restored)
                .flatMap(Optional::stream)
                .max(Comparator.comparing(Snapshot::id));
    }
}
