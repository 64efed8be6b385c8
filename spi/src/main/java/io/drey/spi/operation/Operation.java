package io.drey.spi.operation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An intent that was written down before anything was done about it: stop what runs, keep the result, clear, launch.
 * Create, upgrade, suspend, resume and delete differ only in which of these parts they have.
 *
 * <p>Stored in {@code status.operation}, below 2 KB: no specs, no manifests, no secrets. Everything that an effect needs
 * to be found again after a crash (job id, trigger ids, object annotations) derives from {@link #id}, see
 * {@link EffectId}.
 *
 * @param id 32 hex digits, minted once; the annotation of what this operation launches
 * @param cause why it was started
 * @param target which spec the launch renders
 * @param generation the {@code metadata.generation} that is being carried out
 * @param chosenBy the contribution that chose stop and restore, as {@code plugin/name}
 * @param deployer name of the deployer that renders and tears down
 * @param stop how what runs is stopped; {@link StopMode#NONE} where nothing runs
 * @param restore where the state of the launched job comes from
 * @param launch whether something is started at the end
 * @param phase how far it has got
 * @param attempt from 1; a new attempt means new effect ids
 * @param startedAt when it was recorded
 * @param phaseAt when {@code phase} was entered; facts that are older do not count
 * @param results what must survive until the launch, by name: {@code jobId} of the launch, and the proof of the state
 *     that it restores: {@code savepoint}, {@code checkpointId}, {@code savedAt}
 * @param error why the last attempt did not get on, if it did not
 * @param chosen where the state of the job was found when the operation began, or when a later edit wanted it; empty as long as
 *     the spec gave that state up: it was stateless, or named a path to start from
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Operation(
        String id,
        Cause cause,
        Target target,
        long generation,
        String chosenBy,
        String deployer,
        Stop stop,
        Restore restore,
        boolean launch,
        Phase phase,
        int attempt,
        Instant startedAt,
        Instant phaseAt,
        Map<String, String> results,
        Optional<Failure> error,
        Optional<Restore> chosen) {

    /**
     * Name in {@link #results} of the path that a stop saved the state under; empty text when it is known that there was
     * no state.
     */
    public static final String SAVEPOINT = "savepoint";

    /** Name in {@link #results} of the id of the checkpoint or savepoint that the launch restores, where it is known. */
    public static final String CHECKPOINT_ID = "checkpointId";

    /** Name in {@link #results} of when that checkpoint was complete, where it is known. */
    public static final String SAVED_AT = "savedAt";

    /** Name in {@link #results} of the job id of the launch. */
    public static final String JOB_ID = "jobId";

    /**
     * Name in {@link #results} of the vertices that a rescale leaves without parallelism of their own, with a comma between.
     */
    public static final String DROPPED = "dropped";

    /** Why an operation runs. The order is the order in which remedies are asked. */
    public enum Cause {
        DELETE,
        CREATE,
        CHANGE,
        /** What runs is given other parallelism: nothing is stopped, cleared or launched. */
        RESCALE,
        ROLLBACK,
        /** What was launched restored less than it was promised: it is stopped, and waits for the user. */
        HALT,
        RESTART_FAILED,
        RECOVER,
        RESTART_UNHEALTHY
    }

    /** Which spec a launch renders. */
    public enum Target {
        /** The resource's spec, as admitted. */
        CURRENT,
        /** {@code lastReconciledSpec}. */
        DEPLOYED,
        /** {@code lastStableSpec}. */
        STABLE
    }

    /** How far an operation has got. Each value is written before the effects that follow it. */
    public enum Phase {
        /** The intent is written, nothing was done. */
        RECORDED,
        /** A stop was asked for whose result must be kept; its result, once it is there, is in {@link #results}. */
        STOPPING,
        /**
         * What ran is gone: no cluster object and no pod of it is left. Left out where a launch restores its state and
         * clearing takes no time.
         */
        STOPPED,
        /** What must not be restored (high-availability metadata) is gone as well. */
        CLEARED,
        /** The job id of the launch is written; from here on the launch, or other parallelism of what runs, may exist. */
        LAUNCHING
    }

    /** How a job is stopped. */
    public enum StopMode {
        /** Nothing runs. */
        NONE,
        /** Cancel over REST, best effort, then delete the cluster. */
        CANCEL,
        /** Stop with a savepoint, then delete the cluster. */
        SAVEPOINT,
        /** Cancel over REST, keep where the last checkpoint is, then delete the cluster. */
        CHECKPOINT,
        /** Delete the cluster. */
        KILL
    }

    /** Where the state comes from. */
    public enum RestoreMode {
        /** The job starts empty, and high-availability metadata of an earlier run is removed. */
        NONE,
        /** From {@link Restore#path}. */
        PATH,
        /** From what the stop saved, see {@link Operation#SAVEPOINT}. */
        SAVED,
        /** From the high-availability metadata that an earlier run left, which is kept. */
        HIGH_AVAILABILITY
    }

    /**
     * @param mode how
     * @param drain whether sources are drained first; only for {@link StopMode#SAVEPOINT}
     * @param format of the savepoint, {@code CANONICAL} or {@code NATIVE}; only for {@link StopMode#SAVEPOINT}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Stop(StopMode mode, boolean drain, Optional<String> format) {
        /** Nothing to stop. */
        public static final Stop NONE = of(StopMode.NONE);

        public Stop {
            requireNonNull(mode, "mode");
            format = format == null ? Optional.empty() : format;
        }

        /** A stop of this mode, without a savepoint of its own. */
        public static Stop of(StopMode mode) {
            return new Stop(mode, false, Optional.empty());
        }

        /** A stop with a savepoint. */
        public static Stop savepoint(boolean drain, String format) {
            return new Stop(StopMode.SAVEPOINT, drain, Optional.of(format));
        }

        /** Whether it leaves something that must be kept. */
        public boolean saves() {
            return mode == StopMode.SAVEPOINT || mode == StopMode.CHECKPOINT;
        }
    }

    /**
     * @param mode how
     * @param path the savepoint or checkpoint; present for {@link RestoreMode#PATH} only
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Restore(RestoreMode mode, Optional<String> path) {
        /** Start empty. */
        public static final Restore NONE = new Restore(RestoreMode.NONE, Optional.empty());

        /** From what the stop saved. */
        public static final Restore SAVED = new Restore(RestoreMode.SAVED, Optional.empty());

        /** From high-availability metadata. */
        public static final Restore HIGH_AVAILABILITY = new Restore(RestoreMode.HIGH_AVAILABILITY, Optional.empty());

        public Restore {
            requireNonNull(mode, "mode");
            path = path == null ? Optional.empty() : path;
            if ((mode == RestoreMode.PATH) != path.isPresent()) {
                throw new IllegalArgumentException(
                        "restore.path belongs to mode PATH, found " + mode + " with " + path);
            }
        }

        /** From a savepoint or checkpoint. */
        public static Restore path(String path) {
            return new Restore(RestoreMode.PATH, Optional.of(path));
        }
    }

    /**
     * Why an attempt did not get on.
     *
     * @param kind decides when it is tried again
     * @param code machine readable, the reason of the condition
     * @param message for people; no secrets
     * @param httpResponseCode what Flink's REST API answered with, where it was its answer
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Failure(ErrorKind kind, String code, String message, Optional<Integer> httpResponseCode) {
        /** The code of an effect that the API server refused: a policy or quota may allow it later. */
        public static final String REFUSED = "Refused";

        public Failure {
            requireNonNull(kind, "kind");
            requireNonNull(code, "code");
            requireNonNull(message, "message");
            httpResponseCode = httpResponseCode == null ? Optional.empty() : httpResponseCode;
        }

        /** A failure that is no answer of Flink's. */
        public Failure(ErrorKind kind, String code, String message) {
            this(kind, code, message, Optional.empty());
        }
    }

    public Operation {
        requireNonNull(id, "id");
        requireNonNull(cause, "cause");
        requireNonNull(target, "target");
        requireNonNull(chosenBy, "chosenBy");
        requireNonNull(deployer, "deployer");
        requireNonNull(stop, "stop");
        requireNonNull(restore, "restore");
        requireNonNull(phase, "phase");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(phaseAt, "phaseAt");
        results = results == null ? Map.of() : Map.copyOf(results);
        error = error == null ? Optional.empty() : error;
        chosen = chosen == null ? Optional.empty() : chosen;
        if (!id.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("operation.id: found " + id + ", must be 32 hex digits");
        }
        if (attempt < 1) {
            throw new IllegalArgumentException("operation.attempt: found " + attempt + ", starts at 1");
        }
    }

    /** Whether what runs goes on as it is: nothing is stopped, cleared or launched. */
    public boolean inPlace() {
        return cause == Cause.RESCALE;
    }

    /** Whether the stop has left what it was to save, or that is known to be nothing. */
    public boolean saved() {
        return results.containsKey(SAVEPOINT);
    }

    /** The path that the launch restores from, as far as it is known by now. */
    public Optional<String> restorePath() {
        return switch (restore.mode()) {
            case NONE, HIGH_AVAILABILITY -> Optional.empty();
            case PATH -> restore.path();
            case SAVED -> Optional.ofNullable(results.get(SAVEPOINT)).filter(path -> !path.isEmpty());
        };
    }

    /** What is restored, as far as it is known by now: what a stop has saved has become a path, or nothing. */
    public Restore knownRestore() {
        if (restore.mode() != RestoreMode.SAVED || !saved()) {
            return restore;
        }
        return restorePath().map(Restore::path).orElse(Restore.NONE);
    }

    /** The same operation with another way to stop what runs. */
    public Operation stoppedBy(Stop another) {
        return toBuilder().stop(another).build();
    }

    /** The same operation, one phase on. An error of the phase before is forgotten. */
    public Operation at(Phase next, Instant when) {
        return toBuilder().phase(next).phaseAt(when).error(Optional.empty()).build();
    }

    /** The same operation with a failure noted; the next attempt uses new effect ids if {@code retryWithNewId}. */
    public Operation failed(Failure failure, boolean retryWithNewId) {
        return toBuilder()
                .attempt(retryWithNewId ? attempt + 1 : attempt)
                .error(Optional.of(failure))
                .build();
    }

    /**
     * The same operation turned to another end: a newer generation, or deletion, that arrived before the launch. Id,
     * results, phase and a stop in flight stay, and so does {@link #chosen}.
     */
    public Operation retarget(
            Cause newCause, Target newTarget, long newGeneration, Restore newRestore, boolean launches) {
        return toBuilder()
                .cause(newCause)
                .target(newTarget)
                .generation(newGeneration)
                .restore(newRestore)
                .launch(launches)
                .error(Optional.empty())
                .build();
    }

    /** The same operation with a result kept. */
    public Operation keep(String name, String value) {
        var kept = new TreeMap<>(results);
        kept.put(name, value);
        return toBuilder().results(kept).build();
    }

    /** A builder with the values of this operation. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Makes an operation that differs from another one in some components. */
    public static final class Builder {
        private String id;
        private Cause cause;
        private Target target;
        private long generation;
        private final String chosenBy;
        private final String deployer;
        private Stop stop;
        private Restore restore;
        private boolean launch;
        private Phase phase;
        private int attempt;
        private Instant startedAt;
        private Instant phaseAt;
        private Map<String, String> results;
        private Optional<Failure> error;
        private Optional<Restore> chosen;

        private Builder(Operation from) {
            id = from.id;
            cause = from.cause;
            target = from.target;
            generation = from.generation;
            chosenBy = from.chosenBy;
            deployer = from.deployer;
            stop = from.stop;
            restore = from.restore;
            launch = from.launch;
            phase = from.phase;
            attempt = from.attempt;
            startedAt = from.startedAt;
            phaseAt = from.phaseAt;
            results = from.results;
            error = from.error;
            chosen = from.chosen;
        }

        public Builder id(String value) {
            id = value;
            return this;
        }

        public Builder cause(Cause value) {
            cause = value;
            return this;
        }

        public Builder target(Target value) {
            target = value;
            return this;
        }

        public Builder generation(long value) {
            generation = value;
            return this;
        }

        public Builder stop(Stop value) {
            stop = value;
            return this;
        }

        public Builder chosen(Restore value) {
            chosen = Optional.of(value);
            return this;
        }

        public Builder restore(Restore value) {
            restore = value;
            return this;
        }

        public Builder launch(boolean value) {
            launch = value;
            return this;
        }

        public Builder phase(Phase value) {
            phase = value;
            return this;
        }

        public Builder attempt(int value) {
            attempt = value;
            return this;
        }

        public Builder startedAt(Instant value) {
            startedAt = value;
            return this;
        }

        public Builder phaseAt(Instant value) {
            phaseAt = value;
            return this;
        }

        public Builder results(Map<String, String> value) {
            results = value;
            return this;
        }

        public Builder error(Optional<Failure> value) {
            error = value;
            return this;
        }

        public Operation build() {
            return new Operation(
                    id,
                    cause,
                    target,
                    generation,
                    chosenBy,
                    deployer,
                    stop,
                    restore,
                    launch,
                    phase,
                    attempt,
                    startedAt,
                    phaseAt,
                    results,
                    error,
                    chosen);
        }
    }
}
