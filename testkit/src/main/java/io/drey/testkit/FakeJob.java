package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    /** A stop with savepoint: under way while neither path nor failure is there. */
    record Stopping(boolean drain, String format, Optional<String> path, Optional<String> failure) {}

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
    int completedCheckpoints;
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
