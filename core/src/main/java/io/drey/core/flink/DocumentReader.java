package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Document;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the answers to single paths that plugins want to know, for as long as they do. No pass waits for an answer, and an
 * answer that is the same as before enqueues nobody. Thread-safe.
 */
final class DocumentReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentReader.class);
    private static final Duration TICK = Duration.ofMillis(500);

    /** Longer than the time in which the poller reminds those who have not asked. */
    private static final Duration WANTED = Duration.ofMinutes(7);

    private static final int MISSED = 60;

    private final FlinkRest rest;
    private final Endpoints endpoints;
    private final Schedule schedule;
    private final Clock clock;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("drey-flink-documents").daemon().factory());

    private record Key(ResourceRef subscriber, FlinkRef flink, String path) {}

    /** What is known of one path. Guarded by itself. */
    private static final class Entry {
        private Document seen = Document.NONE;
        private Duration every;
        private Instant wanted;
        private Instant due;
        private boolean asking;

        Entry(Duration every, Instant now) {
            this.every = every;
            this.wanted = now;
            this.due = now;
        }
    }

    DocumentReader(FlinkRest rest, Endpoints endpoints, Schedule schedule, Clock clock) {
        this.rest = rest;
        this.endpoints = endpoints;
        this.schedule = schedule;
        this.clock = clock;
        ticks.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is known by now; from now on it is asked for. */
    Document read(ResourceRef subscriber, FlinkRef flink, String path, Duration every) {
        var now = clock.instant();
        var entry = entries.computeIfAbsent(new Key(subscriber, flink, path), fresh -> new Entry(every, now));
        synchronized (entry) {
            entry.every = every;
            entry.wanted = now;
            var soon = now.plus(every);
            if (entry.due.isAfter(soon)) {
                entry.due = soon;
            }
            return entry.seen;
        }
    }

    private void tick() {
        var now = clock.instant();
        entries.forEach((key, entry) -> {
            try {
                if (!wanted(entry, now)) {
                    entries.remove(key, entry);
                } else if (begins(entry, now)) {
                    ask(key).whenComplete((answer, error) -> take(key, entry, now, Optional.ofNullable(answer), error));
                }
            } catch (RuntimeException e) {
                LOG.error("asking {} for {} failed, which is a bug", key.flink(), key.path(), e);
            }
        });
    }

    private static boolean wanted(Entry entry, Instant now) {
        synchronized (entry) {
            return !entry.wanted.plus(wantedFor(entry.every)).isBefore(now);
        }
    }

    /** Who is in a hurry asks often, and is soon known not to ask any more. */
    static Duration wantedFor(Duration every) {
        var some = every.multipliedBy(MISSED);
        return some.compareTo(WANTED) < 0 ? some : WANTED;
    }

    private static boolean begins(Entry entry, Instant now) {
        synchronized (entry) {
            if (entry.asking || entry.due.isAfter(now)) {
                return false;
            }
            entry.asking = true;
            entry.due = now.plus(entry.every);
            return true;
        }
    }

    private CompletableFuture<Answer> ask(Key key) {
        return endpoints
                .later(key.flink())
                .thenCompose(address -> address.map(base -> rest.send("GET", URI.create(base + key.path())))
                        .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no address"))));
    }

    private void take(Key key, Entry entry, Instant sent, Optional<Answer> answer, Throwable error) {
        if (error != null) {
            LOG.debug("{} does not answer {}: {}", key.flink(), key.path(), error.getMessage());
        }
        Optional<JsonNode> body = answer.filter(Answer::ok).map(Answer::body);
        boolean news = false;
        synchronized (entry) {
            entry.asking = false;
            if (body.isPresent() && entries.get(key) == entry) {
                news = !body.equals(entry.seen.body());
                entry.seen = new Document(body, sent);
            }
        }
        if (news) {
            schedule.enqueue(key.subscriber(), Priority.EVENT);
        }
    }

    void forget(ResourceRef subscriber) {
        entries.keySet().removeIf(key -> key.subscriber().equals(subscriber));
    }

    /** What was read before is not to be trusted any more. */
    void refresh(FlinkRef flink) {
        entries.keySet().removeIf(key -> key.flink().equals(flink));
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }
}
