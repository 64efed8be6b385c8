package io.drey.core.loop;

import static java.util.Objects.requireNonNull;

import io.drey.core.metrics.Durations;
import io.drey.core.port.Schedule;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keys that are due. A key waits once however often it is enqueued, is never handed to two workers, and one that is
 * enqueued while a worker has it is due again afterwards: the semantics of client-go's work queue. Edits go before
 * events, events before polls, and now and then a lower priority goes first, so that none starves; within a priority
 * the namespaces take turns. Thread-safe.
 */
public final class WorkQueue implements Schedule {
    private static final List<Priority> EDITS_FIRST = List.of(Priority.EDIT, Priority.EVENT, Priority.POLL);
    private static final List<Priority> EVENTS_FIRST = List.of(Priority.EVENT, Priority.EDIT, Priority.POLL);
    private static final List<Priority> POLLS_FIRST = List.of(Priority.POLL, Priority.EVENT, Priority.EDIT);

    /**
     * How long a key is put off when its pass fails.
     *
     * @param first the delay after the first failure
     * @param factor by which it grows with each further one
     */
    public record RetryTimes(Duration first, double factor) {
        /** Half a second, then twice as long each time. */
        public static final RetryTimes DEFAULT =
                new RetryTimes(OperatorKeys.RETRY_INITIAL.fallback(), OperatorKeys.RETRY_MULTIPLIER.fallback());

        Duration after(int failures, Duration limit) {
            double millis = first.toMillis() * Math.pow(factor, failures - 1.0);
            return millis < limit.toMillis() ? Duration.ofMillis((long) millis) : limit;
        }
    }

    /** A key that is due at a time; {@code order} tells two of the same time apart. */
    private record Later(long at, long order, ResourceRef ref) {}

    /**
     * What the queue has done and has to do.
     *
     * @param due keys that wait for a worker
     * @param delayed keys that wait for their time
     * @param taken keys that a worker has
     * @param added how often a key became due
     * @param failed how often a key was put off because its pass failed
     */
    public record Counts(int due, int delayed, int taken, long added, long failed) {}

    /** A key that is due. */
    private record Waiting(Priority priority, long since) {}

    private final Durations waits = new Durations();
    private final LongSupplier nanos;
    private final RetryTimes retryTimes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Priority, FairKeys> due = new EnumMap<>(Priority.class);
    private final Map<ResourceRef, Waiting> waiting = new HashMap<>();
    private final Set<ResourceRef> taken = new HashSet<>();
    private final Map<ResourceRef, Priority> again = new HashMap<>();
    // Differences, since a clock of nanoseconds may wrap around.
    private final TreeSet<Later> later =
            new TreeSet<>(Comparator.<Later, Long>comparing(Later::at, (one, other) -> Long.signum(one - other))
                    .thenComparing(Later::order));
    private final Map<ResourceRef, Later> delayed = new HashMap<>();
    private final Map<ResourceRef, Integer> failures = new HashMap<>();
    private long handedOut;
    private long order;
    private long added;
    private long failed;
    private boolean closed;

    /** @param nanos a clock that only rises, as {@code System::nanoTime} */
    public WorkQueue(LongSupplier nanos, RetryTimes retryTimes) {
        this.nanos = requireNonNull(nanos);
        this.retryTimes = requireNonNull(retryTimes);
        for (var priority : Priority.values()) {
            due.put(priority, new FairKeys());
        }
    }

    @Override
    public void enqueue(ResourceRef ref, Priority priority) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (taken.contains(ref)) {
                again.merge(ref, priority, WorkQueue::higher);
                return;
            }
            var earlier = waiting.get(ref);
            if (earlier == null) {
                added++;
            } else if (priority.compareTo(earlier.priority()) < 0) {
                of(earlier.priority()).remove(ref);
            } else {
                return;
            }
            waiting.put(ref, new Waiting(priority, earlier == null ? nanos.getAsLong() : earlier.since()));
            of(priority).add(ref);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private FairKeys of(Priority priority) {
        return requireNonNull(due.get(priority));
    }

    private static Priority higher(Priority one, Priority other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Enqueues a key after a delay. Of two delays for one key the earlier end counts. */
    public void enqueueAfter(ResourceRef ref, Duration delay) {
        if (delay.isZero() || delay.isNegative()) {
            enqueue(ref, Priority.EVENT);
            return;
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            var next = new Later(nanos.getAsLong() + delay.toNanos(), order++, ref);
            var earlier = delayed.get(ref);
            if (earlier != null) {
                if (earlier.at() - next.at() <= 0) {
                    return;
                }
                later.remove(earlier);
            }
            delayed.put(ref, next);
            later.add(next);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next key, waiting for one.
     *
     * @return empty when the queue was closed
     */
    public Optional<ResourceRef> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                promote();
                var next = poll();
                if (next.isPresent() || closed) {
                    return next;
                }
                if (later.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(Math.max(1, later.first().at() - nanos.getAsLong()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next key that is due, if there is one. */
    public Optional<ResourceRef> takeNow() {
        lock.lock();
        try {
            promote();
            return poll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that a worker is done with a key. */
    public void done(ResourceRef ref, Requeue requeue) {
        lock.lock();
        try {
            taken.remove(ref);
            var meanwhile = again.remove(ref);
            switch (requeue) {
                case Requeue.None ignored -> failures.remove(ref);
                case Requeue.After after -> {
                    failures.remove(ref);
                    enqueueAfter(ref, after.delay());
                }
                case Requeue.BackOff backOff -> enqueueAfter(ref, backOff(ref, backOff.limit()));
            }
            if (meanwhile != null) {
                enqueue(ref, meanwhile);
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration backOff(ResourceRef ref, Duration limit) {
        failed++;
        return retryTimes.after(failures.merge(ref, 1, Integer::sum), limit);
    }

    private void promote() {
        long now = nanos.getAsLong();
        while (!later.isEmpty() && later.first().at() - now <= 0) {
            var ref = later.removeFirst().ref();
            delayed.remove(ref);
            enqueue(ref, Priority.POLL);
        }
    }

    private Optional<ResourceRef> poll() {
        if (closed || waiting.isEmpty()) {
            return Optional.empty();
        }
        handedOut++;
        var turn = handedOut % 8 == 0 ? POLLS_FIRST : handedOut % 4 == 0 ? EVENTS_FIRST : EDITS_FIRST;
        for (var priority : turn) {
            var next = of(priority).poll();
            if (next.isPresent()) {
                var since = requireNonNull(waiting.remove(next.get())).since();
                waits.add(Duration.ofNanos(Math.max(0, nanos.getAsLong() - since)));
                taken.add(next.get());
                return next;
            }
        }
        throw new IllegalStateException("a key waits that no priority has");
    }

    /** How many keys are due. */
    public int size() {
        return counts().due();
    }

    /** What it has done and has to do. */
    public Counts counts() {
        lock.lock();
        try {
            return new Counts(waiting.size(), delayed.size(), taken.size(), added, failed);
        } finally {
            lock.unlock();
        }
    }

    /** How long keys that were handed out had been due. */
    public Durations waits() {
        return waits;
    }

    /** Hands out nothing more. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
