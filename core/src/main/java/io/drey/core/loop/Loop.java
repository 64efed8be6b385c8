package io.drey.core.loop;

import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that run passes over keys. Platform threads, since passes run plugins: a plugin that spins on a virtual thread
 * would stop all others. A watchdog interrupts a pass that takes too long, and when that does not help it puts a new
 * worker in the stuck one's place; the key stays with the stuck one.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** One pass over one key. */
    @FunctionalInterface
    public interface Pass {
        /** Runs it. */
        Requeue run(ResourceRef ref);
    }

    private record Running(ResourceRef ref, long since, boolean[] interrupted) {}

    private final WorkQueue queue;
    private final Pass pass;
    private final Duration deadline;
    private final Duration stopLimit;
    private final Map<Thread, Running> running = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger names = new AtomicInteger();
    private final LongAdder passes = new LongAdder();
    private final LongAdder stuck = new LongAdder();
    private volatile boolean stopping;

    /**
     * @param deadline after which a pass is interrupted; after twice that its worker is given up
     * @param stopLimit how long {@link #close} waits for passes in flight
     */
    public Loop(WorkQueue queue, Pass pass, Duration deadline, Duration stopLimit) {
        this.queue = queue;
        this.pass = pass;
        this.deadline = deadline;
        this.stopLimit = stopLimit;
    }

    /** Starts so many workers, and the watchdog. */
    public void start(int workers) {
        for (int i = 0; i < workers; i++) {
            startWorker();
        }
        var watchdog = Thread.ofPlatform().name("drey-watchdog").daemon().unstarted(this::watch);
        synchronized (threads) {
            threads.add(watchdog);
        }
        watchdog.start();
    }

    private void startWorker() {
        var worker = Thread.ofPlatform()
                .name("drey-worker-" + names.incrementAndGet())
                .daemon()
                .unstarted(this::work);
        synchronized (threads) {
            threads.add(worker);
        }
        worker.start();
    }

    private void work() {
        try {
            while (true) {
                var next = queue.take();
                if (next.isEmpty()) {
                    return;
                }
                if (!runOne(next.get())) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether this worker is still wanted. */
    private boolean runOne(ResourceRef ref) {
        var self = Thread.currentThread();
        running.put(self, new Running(ref, System.nanoTime(), new boolean[1]));
        Requeue requeue = Requeue.backOff(Duration.ofMinutes(1));
        try {
            requeue = pass.run(ref);
            passes.increment();
        } catch (RuntimeException e) {
            LOG.error("a pass over {} ended badly", ref, e);
        } finally {
            queue.done(ref, requeue);
        }
        boolean wanted = running.remove(self) != null;
        // An interrupt was meant for the pass that is over, unless the loop stops.
        if (Thread.interrupted() && stopping) {
            self.interrupt();
        }
        return wanted;
    }

    private void watch() {
        try {
            while (!stopping) {
                TimeUnit.MILLISECONDS.sleep(Math.max(10, deadline.toMillis() / 10));
                var now = System.nanoTime();
                running.forEach((worker, what) -> {
                    long took = now - what.since();
                    if (took > 2 * deadline.toNanos() && running.remove(worker, what)) {
                        stuck.increment();
                        LOG.error(
                                "the pass over {} does not end and is given up; a new worker takes the place of {}",
                                what.ref(),
                                worker.getName());
                        startWorker();
                    } else if (took > deadline.toNanos() && !what.interrupted()[0]) {
                        what.interrupted()[0] = true;
                        LOG.warn(
                                "the pass over {} takes longer than {} s and is interrupted, at {}",
                                what.ref(),
                                deadline.toSeconds(),
                                top(worker));
                        worker.interrupt();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String top(Thread worker) {
        var stack = worker.getStackTrace();
        return stack.length == 0 ? "?" : stack[0].toString();
    }

    /** Passes that have ended. */
    public long passes() {
        return passes.sum();
    }

    /** Workers that were given up. */
    public long stuck() {
        return stuck.sum();
    }

    /** Lets passes in flight end, within the limit. */
    @Override
    public void close() {
        stopping = true;
        queue.close();
        long until = System.nanoTime() + stopLimit.toNanos();
        List<Thread> all;
        synchronized (threads) {
            all = List.copyOf(threads);
        }
        try {
            for (var thread : all) {
                if (thread.getName().equals("drey-watchdog")) {
                    thread.interrupt();
                }
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.keySet().forEach(Thread::interrupt);
    }
}
