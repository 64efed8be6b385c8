package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.JobCheckpoints.Snapshot;
import io.drey.spi.fact.JobRequirements;
import io.drey.spi.fact.JobRequirements.Bounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A job on a {@link FakeFlink}: what it has done, and what of it was saved. */
final class FakeJob {
    static final Set<String> ENDED = Set.of("CANCELED", "FAILED", "FINISHED");

    /** One task runs, the other one waits for a slot. */
    static final Tasks WAITING = new Tasks(0, 1, 0, 1, 0, 0);

    private static final Tasks STARTING = new Tasks(0, 0, 2, 0, 0, 0);

    /** A stop with savepoint: under way while neither path nor failure is there. */
    record Stopping(
            boolean drain, String format, Optional<String> path, Optional<String> failure, Optional<Instant> at) {
        static Stopping begun(boolean drain, String format) {
            return new Stopping(drain, format, Optional.empty(), Optional.empty(), Optional.empty());
        }

        Stopping saved(String where, Instant when) {
            return new Stopping(drain, format, Optional.of(where), Optional.empty(), Optional.of(when));
        }

        Stopping failed(String why, Instant when) {
            return new Stopping(drain, format, Optional.empty(), Optional.of(why), Optional.of(when));
        }
    }

    final String id;
    final FakeFlink.Start start;
    final Instant startTime;
    final Map<String, Stopping> triggers = new HashMap<>();
    String state = "RUNNING";
    Optional<String> failure = Optional.empty();
    Optional<Snapshot> completed = Optional.empty();
    Optional<Snapshot> savepoint = Optional.empty();
    Optional<Snapshot> restored = Optional.empty();
    Optional<Instant> pendingSince = Optional.empty();
    Map<String, Bounds> requirements;
    final List<ObjectNode> exceptions = new ArrayList<>();
    boolean stoppedBySavepoint;
    int restarts;
    int recovering;
    int completedCheckpoints;
    Optional<Tasks> unsettled = Optional.empty();
    long progress;
    long lastId;

    FakeJob(FakeFlink.Start start, Instant startTime) {
        this.id = start.jobId();
        this.start = start;
        this.startTime = startTime;
        this.requirements = start.requirements();
    }

    JobRequirements requirements() {
        return new JobRequirements(id, Optional.of(requirements));
    }

    /** Its tasks are restarted: it works again after some turns. */
    void failsOver() {
        state = "RESTARTING";
        recovering = 3;
        restarts++;
    }

    void recover() {
        if (recovering == 0 || ended()) {
            return;
        }
        recovering--;
        state = recovering > 1 ? "RESTARTING" : "RUNNING";
        unsettled = recovering > 0 ? Optional.of(STARTING) : Optional.empty();
    }

    /** Both vertices run, unless a test has said otherwise. */
    Optional<Tasks> tasks() {
        return state.equals("RUNNING")
                ? unsettled.or(() -> Optional.of(new Tasks(0, 0, 0, 2, 0, 0)))
                : Optional.empty();
    }

    /** Runs with all its tasks. */
    boolean working() {
        return state.equals("RUNNING") && unsettled.isEmpty();
    }

    boolean ended() {
        return ENDED.contains(state);
    }

    void restore(Snapshot from, long savedProgress) {
        restored = Optional.of(from);
        lastId = from.id();
        progress = savedProgress;
    }

    JsonNode metrics() {
        var metrics = JsonNodeFactory.instance.arrayNode();
        metrics.addObject().put("id", "numRestarts").put("value", String.valueOf(restarts));
        metrics.addObject()
                .put("id", "numberOfCompletedCheckpoints")
                .put("value", String.valueOf(completedCheckpoints));
        return metrics;
    }

    JsonNode exceptionHistory() {
        var history = JsonNodeFactory.instance.objectNode();
        exceptions.forEach(history.withObject("/exceptionHistory").withArray("entries")::add);
        return history;
    }

    JobCheckpoints checkpoints(Instant at) {
        return new JobCheckpoints(id, state, at, completed, savepoint, restored, pendingSince);
    }
}
