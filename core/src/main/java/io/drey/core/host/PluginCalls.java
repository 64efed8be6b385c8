package io.drey.core.host;

import io.drey.core.host.CallWatch.End;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The calls into one plugin: each with the plugin's class loader as the thread's context, its id in the log, a deadline
 * and a timer. As long as one is past its deadline and has not ended, no other is let in. A circuit breaker refuses
 * calls for a while after some in a row came back late, or after one whose thread had to be given up, and for good when
 * too many never came back.
 */
final class PluginCalls {
    private static final int LATE_IN_A_ROW = 3;
    private static final int STUCK = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** No call is let through until then, in nanoseconds of the clock; nobody waits for {@code FOR_GOOD}. */
    private record Open(long until, Duration pause, String why) {}

    private static final Duration FOR_GOOD = Duration.ofDays(36_500);

    /**
     * @param calls that were let through
     * @param failed of them, by whatever they threw
     * @param late of them, that were interrupted
     * @param stuck of them, that never returned
     * @param refused that were not let through
     * @param time spent in all, nanoseconds
     * @param longest nanoseconds
     * @param open why calls are refused now; empty when they are not
     */
    record Counts(long calls, long failed, long late, long stuck, long refused, long time, long longest, String open) {}

    private final String id;
    private final ClassLoader loader;
    private final CallWatch watch;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder time = new LongAdder();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong stuck = new AtomicLong();
    private final AtomicInteger overdue = new AtomicInteger();
    private volatile String whyOverdue = "";
    private int lateInARow;
    private Duration pause = FIRST_PAUSE;
    private volatile Open open = CLOSED;

    private static final Open CLOSED = new Open(0, Duration.ZERO, "");

    PluginCalls(String id, ClassLoader loader, CallWatch watch) {
        this.id = id;
        this.loader = loader;
        this.watch = watch;
    }

    String id() {
        return id;
    }

    Counts counts() {
        return new Counts(
                calls.sum(), failed.sum(), late.sum(), stuck.get(), refused.sum(), time.sum(), longest.get(), whyNot());
    }

    /** What is called. */
    @FunctionalInterface
    interface Work {
        /** Calls it. */
        @Nullable Object call() throws Throwable;
    }

    /**
     * Makes a call.
     *
     * @param point for people, as {@code Proposer.propose}
     * @throws PluginFailure when the call is refused, or came back late
     * @throws AbandonedCall when this thread was given up meanwhile
     * @throws Throwable what the call threw
     */
    @Nullable Object call(String point, Work work) throws Throwable {
        watch.unwindIfGivenUp();
        admit(point);
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        var call = watch.begin(this, point);
        Object result = null;
        Throwable thrown = null;
        thread.setContextClassLoader(loader);
        try (var plugin = MDC.putCloseable("plugin", id)) {
            result = work.call();
        } catch (Throwable e) {
            thrown = e;
        }
        thread.setContextClassLoader(before);
        switch (over(call)) {
            case End.Abandoned abandoned ->
                throw new AbandonedCall("plugin " + id + " in " + point + " " + abandoned.why());
            case End.Late tooLate -> throw new PluginFailure(id, point, "it " + tooLate.why() + " and was interrupted");
            case End.InTime inTime -> {}
        }
        if (thrown != null) {
            failed.increment();
            throw thrown;
        }
        return result;
    }

    private End over(CallWatch.Call call) {
        var end = watch.end(call);
        long nanos = call.nanos();
        calls.increment();
        time.add(nanos);
        longest.accumulateAndGet(nanos, Math::max);
        switch (end) {
            case End.InTime inTime -> inTime();
            case End.Late tooLate -> late(tooLate.why());
            case End.Abandoned abandoned -> stuck.decrementAndGet();
        }
        return end;
    }

    private String whyNot() {
        var now = open;
        return now == CLOSED && overdue.get() > 0 ? whyOverdue : now.why();
    }

    private void admit(String point) {
        if (overdue.get() > 0) {
            throw refused(point, whyOverdue);
        }
        var now = open;
        if (now == CLOSED) {
            return;
        }
        if (now.until() - System.nanoTime() > 0) {
            throw refused(point, now.why());
        }
        // One call tries whether it is better; the others are refused until that is known.
        synchronized (this) {
            if (open == now) {
                open = new Open(System.nanoTime() + now.pause().toNanos(), now.pause(), now.why());
                return;
            }
        }
        admit(point);
    }

    private PluginFailure refused(String point, String why) {
        refused.increment();
        return new PluginFailure(id, point, "it is not called, since it " + why);
    }

    private void inTime() {
        if (lateInARow != 0 || open != CLOSED) {
            synchronized (this) {
                lateInARow = 0;
                if (stuck.get() < STUCK) {
                    pause = FIRST_PAUSE;
                    open = CLOSED;
                }
            }
        }
    }

    private synchronized void late(String why) {
        late.increment();
        lateInARow++;
        if (lateInARow >= LATE_IN_A_ROW || open != CLOSED) {
            pause(why + ", " + lateInARow + " times in a row");
        }
    }

    private void pause(String why) {
        open = new Open(System.nanoTime() + pause.toNanos(), pause, why);
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /**
     * A call is past its deadline, and was told to end.
     *
     * @param why as a part of a sentence about the plugin
     */
    void overdue(String why) {
        whyOverdue = why + ", and has not ended";
        overdue.incrementAndGet();
    }

    /** A call that was past its deadline has ended. */
    void overdueEnded() {
        overdue.decrementAndGet();
    }

    /** A call that was past its deadline is given up. */
    synchronized void stuck(String why) {
        late.increment();
        if (stuck.incrementAndGet() >= STUCK) {
            open = new Open(System.nanoTime() + FOR_GOOD.toNanos(), FOR_GOOD, why + ", on " + STUCK + " threads");
        } else {
            pause(why);
        }
        // Last, so that no call slips in between.
        overdue.decrementAndGet();
    }

    /** The plugin used up the memory: nobody waits for a second time. */
    synchronized void outOfMemory() {
        open = new Open(System.nanoTime() + LONGEST_PAUSE.toNanos(), LONGEST_PAUSE, "used up the operator's memory");
    }
}
