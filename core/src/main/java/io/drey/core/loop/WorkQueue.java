package io.drey.core.loop;

import io.drey.core.port.Schedule;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keys that are due. A key waits once however often it is enqueued, is never handed to two workers, and one that is
 * enqueued while a worker has it is due again afterwards: the semantics of client-go's work queue. Edits go before
 * events, events before polls; every eighth key is taken from the lowest priority that waits, so that none starves.
 * Thread-safe.
 */
public final class WorkQueue implements Schedule {
    private static final int FAIRNESS = 8;
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 20;

    private record Later(long at, ResourceRef ref) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            return Long.compare(at, other.at);
        }
    }

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Priority, Deque<ResourceRef>> due = new EnumMap<>(Priority.class);
    private final Map<ResourceRef, Priority> waiting = new HashMap<>();
    private final Set<ResourceRef> taken = new HashSet<>();
    private final Map<ResourceRef, Priority> again = new HashMap<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private final Map<ResourceRef, Long> laterAt = new HashMap<>();
    private final Map<ResourceRef, Integer> failures = new HashMap<>();
    private int handedOut;
    private boolean closed;

    /** @param nanos a clock that only rises, as {@code System::nanoTime} */
    public WorkQueue(LongSupplier nanos) {
        this.nanos = nanos;
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
            if (earlier == null || priority.compareTo(earlier) < 0) {
                if (earlier != null) {
                    of(earlier).remove(ref);
                }
                waiting.put(ref, priority);
                of(priority).add(ref);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private Deque<ResourceRef> of(Priority priority) {
        return due.computeIfAbsent(priority, none -> new ArrayDeque<>());
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
            long at = nanos.getAsLong() + delay.toNanos();
            var earlier = laterAt.get(ref);
            if (!closed && (earlier == null || at < earlier)) {
                laterAt.put(ref, at);
                later.add(new Later(at, ref));
                changed.signal();
            }
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
                    changed.awaitNanos(Math.max(1, later.peek().at() - nanos.getAsLong()));
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
        int failed = Math.min(failures.merge(ref, 1, Integer::sum), MAX_DOUBLINGS);
        var delay = FIRST_BACK_OFF.multipliedBy(1L << (failed - 1));
        return delay.compareTo(limit) < 0 ? delay : limit;
    }

    private void promote() {
        long now = nanos.getAsLong();
        while (!later.isEmpty() && later.peek().at() <= now) {
            var head = later.remove();
            // An entry that a shorter delay replaced is not the one on record any more.
            if (laterAt.getOrDefault(head.ref(), Long.MIN_VALUE) == head.at()) {
                laterAt.remove(head.ref());
                enqueue(head.ref(), Priority.POLL);
            }
        }
    }

    private Optional<ResourceRef> poll() {
        if (closed) {
            return Optional.empty();
        }
        boolean lowestFirst = ++handedOut % FAIRNESS == 0;
        var priorities = Priority.values();
        for (int i = 0; i < priorities.length; i++) {
            var queue = of(priorities[lowestFirst ? priorities.length - 1 - i : i]);
            var next = queue.poll();
            if (next != null) {
                waiting.remove(next);
                taken.add(next);
                return Optional.of(next);
            }
        }
        handedOut--;
        return Optional.empty();
    }

    /** How many keys are due. */
    public int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
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
