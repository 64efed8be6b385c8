package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.host.AbandonedCall;
import io.drey.core.port.WorkingFor;
import io.drey.spi.Listener;
import io.drey.spi.Listener.ReconcileReport;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Delivers reports to listeners on a thread of its own, in the order of the passes.
 *
 * <p>The heap that waiting reports occupy is bounded. A report that finds no room is dropped and counted, so that a slow
 * listener costs reports, and no pass.
 *
 * <p>A waiting report stays inside its generation, so that no listener of a closed plugin is called.
 */
public final class ListenerQueue implements Reports, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
    private static final long LIMIT = 32L << 20;

    /**
     * @param waiting reports that have not reached all their listeners
     * @param bytes of heap that these occupy, estimated
     * @param delivered calls of listeners that ended well
     * @param failed calls of listeners that did not
     * @param dropped calls of listeners that were not made, since there was no room for the report
     */
    public record Counts(int waiting, long bytes, long delivered, long failed, long dropped) {}

    /** A report, and the listeners that do not have it yet. One thread has it at a time. */
    private record Delivery(ReconcileReport report, Queue<Listener> listeners, Entered generation, long bytes) {}

    private final BlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();
    private final long limit;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean dropping;
    private volatile boolean closed;
    private volatile @Nullable Delivery inHand;
    private volatile Thread thread;

    public ListenerQueue() {
        this(LIMIT);
    }

    /** @param limit bytes of heap that waiting reports may occupy, estimated */
    ListenerQueue(long limit) {
        this.limit = limit;
        this.thread = thread(Optional.empty());
        thread.start();
    }

    private Thread thread(Optional<Delivery> begun) {
        return Thread.ofPlatform()
                .name("drey-listeners")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(() -> work(begun));
    }

    /**
     * Replaces a thread that a listener does not return. The new one continues with the report's other listeners.
     *
     * @return whether the thread was ours
     */
    public synchronized boolean giveUp(Thread stuck, String why) {
        if (stuck != thread) {
            return false;
        }
        failed.increment();
        LOG.error("Listener abandoned: {}", why);
        thread = thread(Optional.ofNullable(inHand));
        thread.start();
        return true;
    }

    @Override
    public void tell(ReconcileReport report, FeatureSet features, Entered generation) {
        var listeners = new ArrayDeque<>(features.listeners());
        if (listeners.isEmpty()) {
            return;
        }
        long weight = ReportWeight.of(report);
        if (closed || bytes.addAndGet(weight) > limit) {
            bytes.addAndGet(-weight);
            dropped.add(listeners.size());
            if (!dropping && !closed) {
                dropping = true;
                LOG.warn(
                        "Reports to listeners are dropped: {} wait, and a listener is too slow for them", queue.size());
            }
            return;
        }
        dropping = false;
        queue.add(new Delivery(report, listeners, generation.again(), weight));
        if (closed) {
            discardAll();
        }
    }

    /** Its counters. */
    public Counts counts() {
        var begun = inHand;
        return new Counts(
                queue.size() + (begun == null ? 0 : 1), bytes.get(), delivered.sum(), failed.sum(), dropped.sum());
    }

    private void work(Optional<Delivery> begun) {
        try {
            begun.ifPresent(this::deliver);
            while (isCurrent()) {
                var next = queue.take();
                inHand = next;
                deliver(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AbandonedCall e) {
            // Another thread has the rest by now.
        }
    }

    private void deliver(Delivery delivery) {
        var resource = delivery.report().resource();
        try (var working = WorkingFor.resource(resource);
                var namespace = MDC.putCloseable("namespace", resource.namespace());
                var name = MDC.putCloseable("name", resource.name());
                var kind = MDC.putCloseable("kind", resource.kind())) {
            for (var listener = delivery.listeners().poll();
                    listener != null;
                    listener = delivery.listeners().poll()) {
                deliver(delivery.report(), listener);
                if (!isCurrent()) {
                    // Another thread has the rest by now.
                    return;
                }
            }
        }
        inHand = null;
        leave(delivery);
    }

    private void deliver(ReconcileReport report, Listener listener) {
        try {
            listener.onReport(report);
            delivered.increment();
        } catch (RuntimeException e) {
            failed.increment();
            LOG.warn("Listener failed: {}", e.getMessage());
        }
    }

    private boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    private void leave(Delivery delivery) {
        bytes.addAndGet(-delivery.bytes());
        delivery.generation().close();
    }

    private void discardAll() {
        for (var delivery = queue.poll(); delivery != null; delivery = queue.poll()) {
            leave(delivery);
        }
    }

    /** Discards what waits. */
    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        discardAll();
    }
}
