package io.drey.core.flink;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys ordered by the time at which something is to be done about them, and the thread that does it. Nothing is done about
 * a key before its time. Thread-safe.
 */
final class Agenda<K> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agenda.class);
    private static final long LONGEST_WAIT = 1000;

    private record Entry<K>(Instant at, long number, K key) implements Comparable<Entry<K>> {
        @Override
        public int compareTo(Entry<K> other) {
            int byTime = at.compareTo(other.at());
            return byTime != 0 ? byTime : Long.compare(number, other.number());
        }
    }

    private final Clock clock;
    private final Consumer<K> due;
    private final TreeSet<Entry<K>> entries = new TreeSet<>();
    private final Map<K, Entry<K>> byKey = new HashMap<>();
    private final Thread thread;
    private long numbers;
    private boolean closed;

    /** @param due is called once for each key whose time has come, which is forgotten then */
    Agenda(String name, Clock clock, Consumer<K> due) {
        this.clock = clock;
        this.due = due;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
        thread.start();
    }

    /** Something is to be done about this key then, unless it is earlier. */
    synchronized void add(K key, Instant at) {
        var before = byKey.get(key);
        if (before != null && !before.at().isAfter(at)) {
            return;
        }
        if (before != null) {
            entries.remove(before);
        }
        var entry = new Entry<>(at, numbers++, key);
        entries.add(entry);
        byKey.put(key, entry);
        if (entries.first() == entry) {
            notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                var key = next();
                if (key.isEmpty()) {
                    return;
                }
                try {
                    due.accept(key.get());
                } catch (RuntimeException e) {
                    LOG.error("Polling {} failed, which is a bug", key.get(), e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the next key whose time has come; empty when closed. */
    private synchronized Optional<K> next() throws InterruptedException {
        while (!closed) {
            if (entries.isEmpty()) {
                wait();
                continue;
            }
            var first = entries.first();
            var now = clock.instant();
            if (!first.at().isAfter(now)) {
                entries.remove(first);
                byKey.remove(first.key());
                return Optional.of(first.key());
            }
            // Not longer, since the clock may be set.
            wait(Math.clamp(Duration.between(now, first.at()).toMillis() + 1, 1, LONGEST_WAIT));
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
    }
}
