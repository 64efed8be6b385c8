package io.drey.core.loop;

import static java.util.Objects.requireNonNull;

import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that run passes over keys. Platform threads, since passes run plugins: a plugin that spins on a virtual thread
 * would stop all others. A watchdog interrupts a pass that takes too long, and when that does not help it puts a new
 * worker in the stuck one's place; the key stays with the stuck one until it returns. A worker that runs out of memory
 * outside of a plugin dies of it.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Requeue AFTER_A_BUG = Requeue.backOff(Duration.ofMinutes(1));
    private static final int FRAMES = 20;

    /** One pass over one key. */
    @FunctionalInterface
    public interface Pass {
        /** Runs it. */
        Requeue run(ResourceRef ref);
    }

    /**
     * @param passes that ended
     * @param failed of them, by an exception: a bug
     * @param interrupted that took longer than the deadline
     * @param stuck workers that were given up
     * @param busy workers that run a pass now
     */
    public record Counts(long passes, long failed, long interrupted, long stuck, int busy) {}

    /** How far a worker's pass has got on its way to be given up. Guarded by the {@link Turn}. */
    private enum Patience {
        FRESH,
        WARNED,
        INTERRUPTED,
        GIVEN_UP,
        OVER
    }

    /** One worker with one key. */
    private static final class Turn {
        private final ResourceRef ref;
        private final long since = System.nanoTime();
        private Patience patience = Patience.FRESH;
        private boolean released;

        Turn(ResourceRef ref) {
            this.ref = ref;
        }
    }

    private final WorkQueue queue;
    private final Pass pass;
    private final Duration deadline;
    private final Duration stopLimit;
    private final Map<Thread, Turn> running = new ConcurrentHashMap<>();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final Thread watchdog;

    /** A permit for each worker whose priority was lowered, and that ended. What it started would be as low as itself. */
    private final Semaphore missing = new Semaphore(0);

    private final AtomicInteger names = new AtomicInteger();
    private final LongAdder passes = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder interrupted = new LongAdder();
    private final LongAdder stuck = new LongAdder();
    private volatile boolean stopping;

    /**
     * @param deadline after which a pass is interrupted; after a sixth of it a warning is logged, after twice that its
     *     worker is given up
     * @param stopLimit how long {@link #close} waits for passes in flight
     */
    public Loop(WorkQueue queue, Pass pass, Duration deadline, Duration stopLimit) {
        this.queue = requireNonNull(queue);
        this.pass = requireNonNull(pass);
        this.deadline = requireNonNull(deadline);
        this.stopLimit = requireNonNull(stopLimit);
        this.watchdog = Thread.ofPlatform().name("drey-watchdog").daemon().unstarted(this::watch);
    }

    /** Starts so many workers, and the watchdog. Once. */
    public void start(int count) {
        for (int i = 0; i < count; i++) {
            startWorker();
        }
        watchdog.start();
    }

    private void startWorker() {
        var worker = Thread.ofPlatform()
                .name("drey-worker-" + names.incrementAndGet())
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this::work);
        workers.add(worker);
        worker.start();
    }

    private void work() {
        try {
            var wanted = true;
            while (wanted) {
                var next = queue.take();
                if (next.isEmpty()) {
                    return;
                }
                wanted = runOne(next.get());
                if (wanted && Thread.currentThread().getPriority() < Thread.NORM_PRIORITY) {
                    wanted = false;
                    missing.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.remove(Thread.currentThread());
        }
    }

    /** Returns whether this worker is still wanted. */
    private boolean runOne(ResourceRef ref) {
        var self = Thread.currentThread();
        var turn = new Turn(ref);
        running.put(self, turn);
        var requeue = AFTER_A_BUG;
        try {
            requeue = requireNonNull(pass.run(ref), "a pass says when its key is due again");
        } catch (OutOfMemoryError e) {
            // Not in a plugin, whose calls end with a failure: nobody knows what is whole now, and a new start is safe.
            throw e;
        } catch (Throwable e) {
            // Errors too: one that a plugin throws must not cost a worker.
            failed.increment();
            LOG.error("a pass over {} ended badly", ref, e);
        }
        passes.increment();
        boolean wanted;
        boolean released;
        synchronized (turn) {
            wanted = turn.patience != Patience.GIVEN_UP;
            released = turn.released;
            turn.patience = Patience.OVER;
        }
        // An interrupt was meant for the pass that is over, unless the loop stops.
        if (Thread.interrupted() && stopping) {
            self.interrupt();
        }
        running.remove(self);
        if (!wanted) {
            LOG.warn("the pass over {} that was given up has ended", ref);
        }
        if (!released) {
            queue.done(ref, requeue);
        }
        return wanted;
    }

    private void watch() {
        try {
            while (!stopping) {
                if (missing.tryAcquire(Math.max(5, deadline.toMillis() / 30), TimeUnit.MILLISECONDS) && !stopping) {
                    startWorker();
                }
                running.forEach(this::check);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(Thread worker, Turn turn) {
        var took = Duration.ofNanos(System.nanoTime() - turn.since);
        synchronized (turn) {
            if (turn.patience == Patience.INTERRUPTED && took.compareTo(deadline.multipliedBy(2)) > 0) {
                turn.patience = Patience.GIVEN_UP;
                workers.remove(worker);
                stuck.increment();
                LOG.error(
                        "the pass over {} does not end and is given up; a new worker takes the place of {}, which is at{}",
                        turn.ref,
                        worker.getName(),
                        stack(worker));
                if (!stopping) {
                    startWorker();
                }
            } else if (turn.patience.compareTo(Patience.INTERRUPTED) < 0 && took.compareTo(deadline) > 0) {
                turn.patience = Patience.INTERRUPTED;
                interrupted.increment();
                LOG.warn("the pass over {} took {} and is interrupted, at{}", turn.ref, took, stack(worker));
                worker.interrupt();
            } else if (turn.patience == Patience.FRESH && took.compareTo(deadline.dividedBy(6)) > 0) {
                turn.patience = Patience.WARNED;
                LOG.warn("the pass over {} is slow, at{}", turn.ref, stack(worker));
            }
        }
    }

    /** Whether a thread is a worker. One whose priority is lowered makes room for another after its pass. */
    public boolean isWorker(Thread thread) {
        return workers.contains(thread);
    }

    /**
     * Gives up a worker that is known to have no effect any more, whatever it does: another one takes its place, and its
     * key is due again later.
     *
     * @return whether the thread is a worker with a key
     */
    public boolean giveUp(Thread worker, String why) {
        var turn = running.get(worker);
        if (turn == null) {
            return false;
        }
        synchronized (turn) {
            if (turn.patience == Patience.OVER || turn.released) {
                return true;
            }
            boolean first = turn.patience != Patience.GIVEN_UP;
            turn.patience = Patience.GIVEN_UP;
            turn.released = true;
            workers.remove(worker);
            if (first) {
                stuck.increment();
                LOG.error("the pass over {} is given up, {} is left to itself: {}", turn.ref, worker.getName(), why);
                if (!stopping) {
                    startWorker();
                }
            }
        }
        queue.done(turn.ref, AFTER_A_BUG);
        return true;
    }

    private static String stack(Thread worker) {
        return Arrays.stream(worker.getStackTrace())
                .limit(FRAMES)
                .map(frame -> "\n    " + frame)
                .collect(Collectors.joining());
    }

    /** What it has done. */
    public Counts counts() {
        return new Counts(passes.sum(), failed.sum(), interrupted.sum(), stuck.sum(), running.size());
    }

    /** Starts no pass any more, lets those in flight end, and interrupts those that have not ended within the limit. */
    @Override
    public void close() {
        stopping = true;
        queue.close();
        watchdog.interrupt();
        long until = System.nanoTime() + stopLimit.toNanos();
        try {
            for (var worker : List.copyOf(workers)) {
                worker.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.forEach((worker, turn) -> {
            LOG.warn("the pass over {} did not end in time to stop and is interrupted", turn.ref);
            worker.interrupt();
        });
    }
}
