package io.drey.core.flink;

import io.drey.core.flink.FlinkRest.Parts;
import io.drey.core.flink.FlinkRest.Question;
import io.drey.core.flink.Projector.Cut;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.fact.Projection;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the parts of answers that plugins want to know, for as long as they do. Equal queries of several resources are one.
 * No pass waits for an answer, and parts that are the same as before enqueue no resource. Thread-safe.
 */
final class DocumentReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentReader.class);

    /** Longer than the time in which the poller reminds those who have not asked. */
    private static final Duration WANTED = Duration.ofMinutes(7);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    private static final int MISSED = 60;

    private final Wire wire;
    private final Schedule schedule;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final Map<FlinkRef, Set<Key>> byCluster = new ConcurrentHashMap<>();
    private final SubscriberIndex<Key> subscribed = new SubscriberIndex<>();
    private final Agenda<Key> agenda;

    private record Key(FlinkRef flink, String path, int maxBytes, Projection projection) {}

    private record Want(Duration every, Instant asked) {
        Instant until() {
            return asked.plus(wantedFor(every));
        }
    }

    /** The kept parts of one answer. Guarded by itself. */
    private static final class Entry {
        private final Map<ResourceRef, Want> wants = new HashMap<>();
        private byte @Nullable [] seen;
        private Instant at = Instant.MIN;
        private Optional<String> problem = Optional.empty();
        private Instant due = Instant.MIN;
        private boolean asking;
        private boolean removed;

        /** Removes the resources that have lost interest, and returns them. */
        Set<ResourceRef> lostInterest(Instant now) {
            var lost = wants.entrySet().stream()
                    .filter(want -> want.getValue().until().isBefore(now))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            wants.keySet().removeAll(lost);
            return lost;
        }

        Duration every() {
            return wants.values().stream()
                    .map(Want::every)
                    .min(Duration::compareTo)
                    .orElse(WANTED);
        }

        Instant wake() {
            var until = wants.values().stream()
                    .map(Want::until)
                    .min(Instant::compareTo)
                    .orElse(Instant.MIN)
                    .plusMillis(1);
            return asking || until.isBefore(due) ? until : due;
        }
    }

    DocumentReader(Wire wire, Schedule schedule) {
        this.wire = wire;
        this.schedule = schedule;
        this.agenda = new Agenda<>("drey-flink-documents", wire.clock(), this::due);
    }

    /** The parts that are known now; from now on they are asked for. */
    Document read(ResourceRef subscriber, FlinkRef flink, DocumentQuery query) {
        var now = wire.clock().instant();
        var key = new Key(flink, query.path(), query.maxBytes(), query.projection());
        while (true) {
            var entry = entries.computeIfAbsent(key, first -> new Entry());
            byCluster
                    .computeIfAbsent(flink, first -> ConcurrentHashMap.newKeySet())
                    .add(key);
            synchronized (entry) {
                if (!entry.removed) {
                    entry.wants.put(subscriber, new Want(query.every(), now));
                    subscribed.add(subscriber, key);
                    var soon = now.plus(query.every());
                    if (entry.due.isAfter(soon)) {
                        entry.due = soon;
                    }
                    agenda.add(key, entry.wake());
                    return document(entry);
                }
            }
            entries.remove(key, entry);
        }
    }

    /** Documents that a subscriber is known to want. */
    int wanted(ResourceRef subscriber) {
        return subscribed.of(subscriber).size();
    }

    private Document document(Entry entry) {
        return entry.seen == null
                ? Document.NONE
                : new Document(Optional.of(Projector.tree(entry.seen)), entry.at, entry.problem);
    }

    private void due(Key key) {
        var entry = entries.get(key);
        if (entry == null) {
            return;
        }
        var now = wire.clock().instant();
        boolean removed;
        synchronized (entry) {
            entry.lostInterest(now).forEach(subscriber -> subscribed.remove(subscriber, key));
            removed = entry.wants.isEmpty();
            entry.removed = removed;
            if (!removed && (entry.asking || entry.due.isAfter(now))) {
                agenda.add(key, entry.wake());
                return;
            }
            entry.asking = true;
        }
        if (removed) {
            remove(key, entry);
            return;
        }
        wire.permits().start(key.flink().namespace(), () -> begin(key, entry));
    }

    private void remove(Key key, Entry entry) {
        entries.remove(key, entry);
        byCluster.computeIfPresent(key.flink(), (flink, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
        });
    }

    /** Somebody who is in a hurry asks often, and is soon known not to ask any more. */
    static Duration wantedFor(Duration every) {
        var some = every.multipliedBy(MISSED);
        return some.compareTo(WANTED) < 0 ? some : WANTED;
    }

    /** With a permit. */
    private void begin(Key key, Entry entry) {
        var now = wire.clock().instant();
        synchronized (entry) {
            entry.due = now.plus(entry.every());
        }
        wire.addresses()
                .of(key.flink())
                .thenCompose(address -> address.map(base -> wire.rest()
                                .parts(new Question(
                                        URI.create(base + key.path()), key.maxBytes(), key.projection(), WANTED)))
                        .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no address"))))
                .whenComplete((answer, error) -> {
                    wire.permits().release(key.flink().namespace());
                    if (error != null) {
                        LOG.debug("{} does not answer {}: {}", key.flink(), key.path(), error.getMessage());
                    }
                    take(key, entry, now, Optional.ofNullable(answer));
                });
    }

    private void take(Key key, Entry entry, Instant sent, Optional<Parts> answer) {
        var good = answer.filter(parts -> parts.ok() && parts.cut() != Cut.MALFORMED);
        Set<ResourceRef> concerned = Set.of();
        synchronized (entry) {
            entry.asking = false;
            if (good.isPresent() && entries.get(key) == entry) {
                concerned = takes(key, entry, sent, good.get());
            } else if (entry.due.isAfter(sent.plus(AFTER_FAILURE))) {
                entry.due = sent.plus(AFTER_FAILURE);
            }
            agenda.add(key, entry.wake());
        }
        concerned.forEach(subscriber -> schedule.enqueue(subscriber, Priority.EVENT));
    }

    /** Returns those for whom it is news. */
    private Set<ResourceRef> takes(Key key, Entry entry, Instant sent, Parts parts) {
        Optional<String> problem = parts.cut() == Cut.TOO_LARGE
                ? Optional.of("the answer to " + key.path() + " is larger than " + key.maxBytes()
                        + " bytes, or what is wanted of it larger than "
                        + key.projection().maxBytes() + ": its end is missing")
                : Optional.empty();
        if (problem.isPresent() && entry.problem.isEmpty()) {
            LOG.warn("JobManager {}: {}", key.flink(), problem.get());
        }
        boolean news = !Arrays.equals(parts.json(), entry.seen) || !problem.equals(entry.problem);
        entry.seen = parts.json();
        entry.problem = problem;
        entry.at = sent;
        return news ? Set.copyOf(entry.wants.keySet()) : Set.of();
    }

    /** Something has happened to these jobs: what is known of them is asked for at once. */
    void moved(FlinkRef flink, Set<String> jobs) {
        var now = wire.clock().instant();
        for (var key : byCluster.getOrDefault(flink, Set.of())) {
            var entry = entries.get(key);
            if (entry != null && jobs.contains(job(key.path()))) {
                synchronized (entry) {
                    entry.due = now;
                    agenda.add(key, entry.wake());
                }
            }
        }
    }

    /** The job of a path, {@code /jobs/ID/exceptions}. */
    private static String job(String path) {
        var parts = path.split("/", -1);
        return parts.length > 2 ? parts[2] : "";
    }

    void forget(ResourceRef subscriber) {
        for (var key : subscribed.forget(subscriber)) {
            var entry = entries.get(key);
            if (entry != null) {
                boolean removed;
                synchronized (entry) {
                    entry.wants.remove(subscriber);
                    removed = entry.wants.isEmpty();
                    entry.removed = removed;
                }
                if (removed) {
                    remove(key, entry);
                }
            }
        }
    }

    /** Forgets all documents of a cluster: they may be from before an effect. */
    void refresh(FlinkRef flink) {
        var keys = byCluster.remove(flink);
        if (keys != null) {
            keys.forEach(this::discard);
        }
    }

    private void discard(Key key) {
        var entry = entries.get(key);
        if (entry == null) {
            return;
        }
        synchronized (entry) {
            entry.removed = true;
            entry.wants.keySet().forEach(subscriber -> subscribed.remove(subscriber, key));
            entry.wants.clear();
        }
        entries.remove(key, entry);
    }

    @Override
    public void close() {
        agenda.close();
    }
}
