package io.drey.core.flink;

import io.drey.spi.plan.FlinkRef;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses of JobManagers, each looked up once and kept for a while. A few threads look up, so that a name server that
 * hangs holds up only those whose address is not known. Thread-safe.
 */
final class Addresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Addresses.class);
    private static final int THREADS = 4;
    private static final Duration KEPT = Duration.ofSeconds(45);
    private static final Duration KEPT_WITHOUT_ANSWER = Duration.ofMinutes(5);
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration UNUSED = Duration.ofMinutes(15);

    private final Endpoints endpoints;
    private final Clock clock;
    private final Map<FlinkRef, Entry> entries = new ConcurrentHashMap<>();
    private final LongAdder lookups = new LongAdder();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("drey-flink-names-", 0).daemon().factory());
    private volatile Instant swept = Instant.MIN;

    /** An address and the lookup that is under way. Guarded by itself. */
    private static final class Entry {
        private Optional<URI> address = Optional.empty();
        private Instant at = Instant.MIN;
        private Instant used = Instant.MIN;
        private long doubts;
        private long settled;
        private @Nullable CompletableFuture<Optional<URI>> underWay;

        boolean doubtful() {
            return doubts > settled;
        }

        boolean youngerThan(Duration age, Instant now) {
            return address.isPresent() && at.plus(age).isAfter(now);
        }
    }

    Addresses(Endpoints endpoints, Clock clock) {
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /** The address, from a lookup of the last minute unless the name server does not answer; empty when there is none. */
    CompletableFuture<Optional<URI>> of(FlinkRef flink) {
        var now = clock.instant();
        sweep(now);
        var entry = entries.computeIfAbsent(flink, first -> new Entry());
        synchronized (entry) {
            entry.used = now;
            if (entry.youngerThan(entry.doubtful() ? FRESH : KEPT, now)) {
                return CompletableFuture.completedFuture(entry.address);
            }
            var lookup = lookup(flink, entry);
            return !entry.doubtful() && entry.youngerThan(KEPT_WITHOUT_ANSWER, now)
                    ? CompletableFuture.completedFuture(entry.address)
                    : lookup.copy();
        }
    }

    /** The address from a lookup of now, for what must not reach another cluster. */
    CompletableFuture<Optional<URI>> fresh(FlinkRef flink) {
        doubt(flink);
        return of(flink);
    }

    /** The address may have changed: it is looked up before it is used again. */
    void doubt(FlinkRef flink) {
        var entry = entries.get(flink);
        if (entry != null) {
            synchronized (entry) {
                entry.doubts++;
            }
        }
    }

    private CompletableFuture<Optional<URI>> lookup(FlinkRef flink, Entry entry) {
        var underWay = entry.underWay;
        if (underWay != null) {
            return underWay;
        }
        long doubts = entry.doubts;
        var lookup = CompletableFuture.supplyAsync(
                () -> {
                    lookups.increment();
                    return endpoints.of(flink);
                },
                threads);
        var result = new CompletableFuture<Optional<URI>>();
        entry.underWay = result;
        lookup.whenComplete(
                (address, error) -> result.complete(found(flink, entry, doubts, Optional.ofNullable(address), error)));
        return result;
    }

    private Optional<URI> found(
            FlinkRef flink, Entry entry, long doubts, Optional<Optional<URI>> answer, @Nullable Throwable error) {
        synchronized (entry) {
            entry.underWay = null;
            var now = clock.instant();
            if (answer.isPresent()) {
                entry.address = answer.get();
                entry.at = now;
                entry.settled = doubts;
            } else if (!entry.youngerThan(KEPT_WITHOUT_ANSWER, now)) {
                entry.address = Optional.empty();
            } else {
                LOG.debug("The address of {} cannot be looked up, the last one is used", flink, error);
            }
            return entry.address;
        }
    }

    private void sweep(Instant now) {
        if (swept.plus(UNUSED).isAfter(now)) {
            return;
        }
        swept = now;
        entries.values().removeIf(entry -> {
            synchronized (entry) {
                return entry.underWay == null && entry.used.plus(UNUSED).isBefore(now);
            }
        });
    }

    long lookups() {
        return lookups.sum();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
