package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.core.port.WorkingFor;
import io.drey.spi.Listener;
import io.drey.spi.Listener.ReconcileReport;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes reports to listeners on a thread of its own, in the order of the passes. Bounded: a report that finds the queue
 * full is dropped and counted, so that a slow listener costs its own reports and no pass.
 */
public final class ListenerQueue implements Reports, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
    private static final int CAPACITY = 10_000;

    private record Told(Listener listener, ReconcileReport report) {}

    private final BlockingQueue<Told> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private Thread thread;

    public ListenerQueue() {
        thread = started();
    }

    private Thread started() {
        var made = Thread.ofPlatform()
                .name("drey-listeners")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this::work);
        made.start();
        return made;
    }

    /**
     * Puts a new thread in the place of one that a listener does not give back.
     *
     * @return whether the thread was ours
     */
    public synchronized boolean giveUp(Thread stuck, String why) {
        if (stuck != thread) {
            return false;
        }
        failed.increment();
        LOG.error("a report is given up: {}", why);
        thread = started();
        return true;
    }

    @Override
    public void tell(ReconcileReport report, FeatureSet features) {
        for (var listener : features.listeners()) {
            if (!queue.offer(new Told(listener, report))) {
                dropped.increment();
            }
        }
    }

    /** Reports that were dropped because the queue was full. */
    public long dropped() {
        return dropped.sum();
    }

    /** Reports that a listener failed on. */
    public long failed() {
        return failed.sum();
    }

    private void work() {
        try {
            while (true) {
                var told = queue.take();
                var resource = told.report().resource();
                try (var working = WorkingFor.resource(resource);
                        var namespace = MDC.putCloseable("namespace", resource.namespace());
                        var name = MDC.putCloseable("name", resource.name());
                        var kind = MDC.putCloseable("kind", resource.kind())) {
                    told.listener().onReport(told.report());
                } catch (RuntimeException e) {
                    failed.increment();
                    LOG.warn("a listener failed: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        thread.interrupt();
    }
}
