package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.core.flink.FlinkRest.Question;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.JobCheckpoints.Snapshot;
import io.drey.spi.fact.Projection;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the checkpoints of single jobs, when a pass wants to know: never in steady state. No pass waits for the
 * answer. Thread-safe.
 */
final class CheckpointReader {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointReader.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration REFRESH = Duration.ofSeconds(3);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final int MAX_BYTES = 4 << 20;
    private static final int LONGEST_TEXT = 4096;
    private static final Projection CHECKPOINTS = Projection.of(
                    "/latest/*/id",
                    "/latest/*/external_path",
                    "/latest/*/discarded",
                    "/latest/*/is_savepoint",
                    "/latest/*/latest_ack_timestamp",
                    "/latest/*/restore_timestamp",
                    "/history/*/status",
                    "/history/*/trigger_timestamp")
            .texts(1, LONGEST_TEXT)
            .upTo(MAX_BYTES);
    private static final Projection JOB =
            Projection.of("/state", "/start-time", "/end-time", "/now").texts(1, LONGEST_TEXT);
    private static final Projection JOBS = Projection.of(
                    "/jobs/*/jid", "/jobs/*/state", "/jobs/*/start-time", "/jobs/*/end-time")
            .texts(1, LONGEST_TEXT)
            .upTo(MAX_BYTES);
    private static final Projection CONFIG = Projection.of("/refresh-interval");

    private final Wire wire;
    private final Schedule schedule;
    private volatile Instant swept = Instant.MIN;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    private record Key(FlinkRef flink, String jobId) {}

    /** What is known of one job. Guarded by itself. */
    private static final class Entry {
        private final Set<ResourceRef> subscribers = new HashSet<>();
        private JobCheckpoints seen;
        private Instant asked = Instant.MIN;
        private boolean asking;

        Entry(String jobId) {
            this.seen = JobCheckpoints.unread(jobId);
        }
    }

    CheckpointReader(Wire wire, Schedule schedule) {
        this.wire = wire;
        this.schedule = schedule;
    }

    /** What is known by now; asks, unless that was done within the last second. */
    JobCheckpoints read(ResourceRef subscriber, FlinkRef flink, String jobId) {
        var now = wire.clock().instant();
        sweep(now);
        var key = new Key(flink, jobId);
        var entry = entries.computeIfAbsent(key, fresh -> new Entry(jobId));
        synchronized (entry) {
            entry.subscribers.add(subscriber);
            if (!entry.asking && !entry.asked.plus(FRESH).isAfter(now)) {
                entry.asking = true;
                entry.asked = now;
                wire.permits().start(flink.namespace(), () -> begin(key, entry, now));
            }
            return entry.seen;
        }
    }

    private void sweep(Instant now) {
        if (!swept.plus(KEPT).isAfter(now)) {
            swept = now;
            entries.values().removeIf(entry -> old(entry, now));
        }
    }

    private void begin(Key key, Entry entry, Instant now) {
        ask(key, now).whenComplete((answer, error) -> {
            wire.permits().release(key.flink().namespace());
            take(key, entry, Optional.ofNullable(answer), error);
        });
    }

    private static boolean old(Entry entry, Instant now) {
        synchronized (entry) {
            return !entry.asked.equals(Instant.MIN) && entry.asked.plus(KEPT).isBefore(now);
        }
    }

    private void take(Key key, Entry entry, Optional<JobCheckpoints> answer, Throwable error) {
        Set<ResourceRef> concerned = Set.of();
        synchronized (entry) {
            entry.asking = false;
            if (answer.isPresent() && entries.get(key) == entry) {
                concerned = sameContent(answer.get(), entry.seen) ? Set.of() : Set.copyOf(entry.subscribers);
                entry.seen = answer.get();
            }
        }
        if (error != null) {
            LOG.debug("{} does not tell the checkpoints of job {}: {}", key.flink(), key.jobId(), error.getMessage());
        }
        concerned.forEach(subscriber -> schedule.enqueue(subscriber, Priority.EVENT));
    }

    private static boolean sameContent(JobCheckpoints one, JobCheckpoints other) {
        return one.equals(new JobCheckpoints(
                other.jobId(),
                other.state(),
                one.at(),
                other.completed(),
                other.savepoint(),
                other.restored(),
                other.pendingSince()));
    }

    private CompletableFuture<JobCheckpoints> ask(Key key, Instant now) {
        return wire.addresses()
                .of(key.flink())
                .thenCompose(address -> address.map(base -> ask(base, key.jobId(), now))
                        .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no address"))));
    }

    /**
     * A job as Flink lists it.
     *
     * @param ended for how long it had ended by Flink's own clock; empty while it runs, or when that is not told
     */
    private record Run(String state, JsonNode start, Optional<Duration> ended) {
        boolean is(Run other) {
            return state.equals(other.state) && start.equals(other.start);
        }

        boolean over() {
            return new FlinkJobState(state).isGloballyTerminal();
        }
    }

    /** The state comes first: if the job had ended then, no checkpoint can follow the ones that are read next. */
    private CompletableFuture<JobCheckpoints> ask(URI base, String jobId, Instant now) {
        return run(base, jobId).thenCompose(run -> {
            if (run.isEmpty()) {
                return CompletableFuture.completedFuture(JobCheckpoints.unread(jobId));
            }
            var before = run.get();
            return get(checkpoints(base, jobId), CHECKPOINTS)
                    .thenCompose(answer -> told(base, jobId, before, answer, now));
        });
    }

    private CompletableFuture<JobCheckpoints> told(URI base, String jobId, Run before, Answer answer, Instant now) {
        var told = parsed(jobId, before.state(), answer, now);
        if (!before.over()) {
            return CompletableFuture.completedFuture(told);
        }
        if (answer.code() == 404) {
            return told.known()
                    ? CompletableFuture.completedFuture(told)
                    : run(base, jobId).thenApply(after -> neverTaken(jobId, before, after, now));
        }
        return notSettled(base, before)
                .thenCompose(wait -> wait.isNegative() || wait.isZero()
                        ? CompletableFuture.completedFuture(told)
                        : again(base, jobId, before, wait, now));
    }

    /**
     * For how long what Flink tells may lack the last checkpoint of a job that has ended: it keeps such answers for {@code
     * rest.cache.checkpoint-statistics.timeout}, which is {@code web.refresh-interval} unless it is set.
     */
    private CompletableFuture<Duration> notSettled(URI base, Run run) {
        return get(URI.create(base + "/config"), CONFIG).thenApply(config -> {
            var refresh =
                    Duration.ofMillis(config.body().path("refresh-interval").asLong(REFRESH.toMillis()));
            return run.ended().map(refresh::minus).orElse(refresh);
        });
    }

    private CompletableFuture<JobCheckpoints> again(URI base, String jobId, Run run, Duration wait, Instant now) {
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            return CompletableFuture.completedFuture(JobCheckpoints.unread(jobId));
        }
        return CompletableFuture.supplyAsync(
                        () -> get(checkpoints(base, jobId), CHECKPOINTS),
                        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS))
                .thenCompose(answer -> answer)
                .thenApply(answer -> parsed(jobId, run.state(), answer, now));
    }

    private CompletableFuture<Answer> get(URI uri, Projection projection) {
        return wire.rest().get(new Question(uri, MAX_BYTES, projection, LONGEST_WAIT));
    }

    private static URI checkpoints(URI base, String jobId) {
        return URI.create(base + "/jobs/" + jobId + "/checkpoints");
    }

    /** Of a job whose main method failed, Flink up to 1.20 has no details (it answers 500), but lists it all the same. */
    private CompletableFuture<Optional<Run>> run(URI base, String jobId) {
        return get(URI.create(base + "/jobs/" + jobId), JOB).thenCompose(details -> {
            // Its long part comes last.
            if (details.ok() && (details.whole() || details.body().has("now"))) {
                return CompletableFuture.completedFuture(Optional.of(run(details.body())));
            }
            return details.code() == 500
                    ? get(URI.create(base + "/jobs/overview"), JOBS).thenApply(all -> listed(all, jobId))
                    : CompletableFuture.completedFuture(Optional.empty());
        });
    }

    private static Optional<Run> listed(Answer all, String jobId) {
        return StreamSupport.stream(all.body().path("jobs").spliterator(), false)
                .filter(job -> job.path("jid").asText().equals(jobId))
                .findFirst()
                .map(CheckpointReader::run);
    }

    private static Run run(JsonNode job) {
        return new Run(
                job.path("state").asText(),
                job.path("start-time"),
                Optional.of(job.path("now").asLong() - job.path("end-time").asLong())
                        .filter(time -> job.path("end-time").asLong() > 0 && time >= 0)
                        .map(Duration::ofMillis));
    }

    /**
     * An ended job that Flink has no checkpoints of: its main method failed before there was a graph of it ("(application
     * driver)"). Asked once more for the job itself, since a JobManager that has just started has not got it either.
     */
    private static JobCheckpoints neverTaken(String jobId, Run before, Optional<Run> after, Instant now) {
        return after.filter(before::is).isPresent() ? none(jobId, before.state(), now) : JobCheckpoints.unread(jobId);
    }

    private static JobCheckpoints none(String jobId, String state, Instant now) {
        return new JobCheckpoints(
                jobId, state, now, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static JobCheckpoints parsed(String jobId, String state, Answer answer, Instant now) {
        if (answer.code() == 404 && answer.error().contains("Checkpointing")) {
            return none(jobId, state, now);
        }
        if (!answer.ok() || !answer.whole() || !answer.body().path("latest").isObject()) {
            return JobCheckpoints.unread(jobId);
        }
        return parsed(jobId, state, answer.body(), now);
    }

    static JobCheckpoints parsed(String jobId, String state, JsonNode body, Instant now) {
        var latest = body.path("latest");
        return new JobCheckpoints(
                jobId,
                state,
                now,
                snapshot(latest.path("completed"), "latest_ack_timestamp"),
                snapshot(latest.path("savepoint"), "latest_ack_timestamp"),
                snapshot(latest.path("restored"), "restore_timestamp"),
                StreamSupport.stream(body.path("history").spliterator(), false)
                        .filter(entry -> entry.path("status").asText().equals("IN_PROGRESS"))
                        .map(entry -> Instant.ofEpochMilli(
                                entry.path("trigger_timestamp").asLong()))
                        .min(Comparator.naturalOrder()));
    }

    private static Optional<Snapshot> snapshot(JsonNode node, String time) {
        if (!node.path("id").isNumber()) {
            return Optional.empty();
        }
        // Flink writes "<checkpoint-not-externally-addressable>" for one that only lives in its memory.
        var path = Optional.of(node.path("external_path").asText())
                .filter(text -> !text.isBlank() && !text.startsWith("<") && !text.equals("null"))
                .filter(text -> !node.path("discarded").asBoolean());
        return Optional.of(new Snapshot(
                node.path("id").asLong(),
                path,
                Instant.ofEpochMilli(node.path(time).asLong()),
                node.path("is_savepoint").asBoolean()));
    }

    void forget(ResourceRef subscriber) {
        entries.values().removeIf(entry -> {
            synchronized (entry) {
                entry.subscribers.remove(subscriber);
                return entry.subscribers.isEmpty();
            }
        });
    }

    /** What was read before is not to be trusted any more. */
    void refresh(FlinkRef flink) {
        entries.keySet().removeIf(key -> key.flink().equals(flink));
    }
}
