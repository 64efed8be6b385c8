package io.drey.core.host;

import io.drey.core.host.CallWatch.End;
import io.drey.core.port.KubernetesError;
import io.drey.core.port.WorkingFor;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.resource.ResourceRef;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The calls into one plugin: each with the plugin's class loader as the thread's context, its id in the log, a deadline
 * and a timer. Failures that cost others something (a late call, a thread that does not come back, a full stack or heap) are
 * counted per resource: the plugin is not called for that resource for a while, and is called for all others.
 *
 * <p>Three things refuse calls for all resources: too many calls that are past their deadline at once, too many threads that
 * never came back, and a circuit breaker. The breaker opens when calls at one extension point fail for several resources in a
 * row while none comes back in time, or when several resources are out of memory. Thread-safe.
 */
final class PluginCalls {
    /** So many resources in a row are no accident of one of them. */
    private static final int SEVERAL = 3;

    private static final int OVERDUE = 5;
    private static final int STUCK = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** Calls that are for no resource in particular share one. */
    private static final ResourceRef NONE = new ResourceRef("none", "none", "none");

    /** No call is let through until then, in nanoseconds of the clock; afterwards one tries at the point that failed. */
    private record Open(String point, long until, Duration pause, String why) {}

    /**
     * @param calls that were let through
     * @param failed of them, by whatever they threw
     * @param late of them, that were interrupted
     * @param stuck of them, that never returned
     * @param refused that were not let through
     * @param time spent in all, nanoseconds
     * @param longest nanoseconds
     * @param quarantined resources for which it is not called now
     * @param open why calls are refused now for all resources; empty when they are not
     */
    record Counts(
            long calls,
            long failed,
            long late,
            long stuck,
            long refused,
            long time,
            long longest,
            int quarantined,
            String open) {}

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
    private final Quarantine quarantine = new Quarantine(LONGEST_PAUSE);
    private final Map<String, Set<ResourceRef>> failing = new ConcurrentHashMap<>();

    /** By point, in nanoseconds of the clock. */
    private final Map<String, Long> lastInTime = new ConcurrentHashMap<>();

    private final Set<ResourceRef> outOfMemory = ConcurrentHashMap.newKeySet();
    private volatile String whyOverdue = "";
    private volatile String whyStuck = "";
    private Duration pause = FIRST_PAUSE;
    private volatile Open open = CLOSED;

    private static final Open CLOSED = new Open("", 0, Duration.ZERO, "");

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
                calls.sum(),
                failed.sum(),
                late.sum(),
                stuck.get(),
                refused.sum(),
                time.sum(),
                longest.get(),
                quarantine.size(),
                whyNot());
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
        var resource = WorkingFor.current().orElse(NONE);
        admit(point, resource);
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        var call = watch.begin(this, point, resource);
        Object result = null;
        Throwable thrown = null;
        thread.setContextClassLoader(loader);
        try (var plugin = MDC.putCloseable("plugin", id)) {
            result = work.call();
        } catch (Throwable e) {
            thrown = e;
        }
        thread.setContextClassLoader(before);
        switch (over(call, thrown)) {
            case End.Abandoned abandoned ->
                throw new AbandonedCall("plugin " + id + " in " + point + " " + abandoned.why());
            case End.Late tooLate -> throw new PluginFailure(id, point, "it " + tooLate.why() + " and was interrupted");
            case End.InTime inTime -> {}
        }
        if (thrown != null) {
            if (isFailure(thrown)) {
                failed.increment();
            }
            throw thrown;
        }
        return result;
    }

    /** Whether the call used up the stack or the heap, which {@link Gateway} reports. */
    private static boolean exhausted(@Nullable Throwable thrown) {
        return thrown instanceof InvocationTargetException && thrown.getCause() instanceof VirtualMachineError;
    }

    /** A fact that is missing is an answer, and what the core answered to the plugin is not its failure. */
    private static boolean isFailure(Throwable thrown) {
        var cause = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
        return !(cause instanceof MissingFact || cause instanceof PluginFailure || cause instanceof KubernetesError);
    }

    private End over(CallWatch.Call call, @Nullable Throwable thrown) {
        var end = watch.end(call);
        long nanos = call.nanos();
        calls.increment();
        time.add(nanos);
        longest.accumulateAndGet(nanos, Math::max);
        switch (end) {
            case End.InTime inTime -> {
                if (!exhausted(thrown)) {
                    inTime(call);
                }
            }
            case End.Late tooLate -> late(call, tooLate.why());
            case End.Abandoned abandoned -> {
                stuck.decrementAndGet();
                quarantine.left(call.resource());
            }
        }
        return end;
    }

    private String whyNot() {
        if (stuck.get() >= STUCK) {
            return whyStuck;
        }
        var now = open;
        return now == CLOSED && overdue.get() >= OVERDUE ? whyOverdue : now.why();
    }

    private void admit(String point, ResourceRef resource) {
        // First, so that a resource in quarantine is not the one that tries.
        var quarantined = quarantine.refuses(resource);
        if (quarantined.isPresent()) {
            throw refused(point, quarantined.get());
        }
        if (stuck.get() >= STUCK) {
            throw refused(point, whyStuck);
        }
        if (overdue.get() >= OVERDUE) {
            throw refused(point, whyOverdue);
        }
        admit(point);
    }

    private void admit(String point) {
        var now = open;
        if (now == CLOSED) {
            return;
        }
        if (now.until() - System.nanoTime() > 0) {
            throw refused(point, now.why());
        }
        if (!now.point().equals(point)) {
            return;
        }
        // One call tries whether it is better; the others are refused until that is known.
        synchronized (this) {
            if (open == now) {
                open = new Open(point, System.nanoTime() + now.pause().toNanos(), now.pause(), now.why());
                return;
            }
        }
        admit(point);
    }

    private PluginFailure refused(String point, String why) {
        refused.increment();
        return new PluginFailure(id, point, "it is not called, since it " + why);
    }

    private void inTime(CallWatch.Call call) {
        quarantine.inTime(call.resource(), call.point());
        lastInTime.put(call.point(), System.nanoTime());
        if (!failing.isEmpty()) {
            failing.remove(call.point());
        }
        if (!outOfMemory.isEmpty()) {
            outOfMemory.remove(call.resource());
        }
        if (open != CLOSED && open.point().equals(call.point())) {
            synchronized (this) {
                pause = FIRST_PAUSE;
                open = CLOSED;
            }
        }
    }

    private void late(CallWatch.Call call, String why) {
        late.increment();
        quarantine.left(call.resource());
        quarantine.failed(call.resource(), call.point(), why);
        failed(call, why);
    }

    /**
     * Opens the breaker when this is not the first resource that the plugin fails for, without one that is well between, or
     * since the call began: calls that hang together end together.
     */
    private synchronized void failed(CallWatch.Call call, String why) {
        var point = call.point();
        var well = lastInTime.get(point);
        if (well != null && call.beganBefore(well) && !open.point().equals(point)) {
            return;
        }
        var inARow = failing.computeIfAbsent(point, none -> ConcurrentHashMap.newKeySet());
        inARow.add(call.resource());
        if (inARow.size() >= SEVERAL || open.point().equals(point)) {
            pause(point, why + ", for " + inARow.size() + " resources in a row");
        }
    }

    private void pause(String point, String why) {
        open = new Open(point, System.nanoTime() + pause.toNanos(), pause, why);
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /**
     * A call is past its deadline, and was told to end.
     *
     * @param why as a part of a sentence about the plugin
     */
    void overdue(CallWatch.Call call, String why) {
        whyOverdue = why + ", and has not ended";
        quarantine.inside(call.resource(), call.point(), whyOverdue);
        overdue.incrementAndGet();
    }

    /** A call that was past its deadline has ended. */
    void overdueEnded() {
        overdue.decrementAndGet();
    }

    /** A call that was past its deadline is given up. Its resource waits until the thread has come back. */
    void stuck(CallWatch.Call call, String why) {
        late.increment();
        whyStuck = why + ", on " + STUCK + " threads";
        quarantine.failed(call.resource(), call.point(), why);
        failed(call, why);
        stuck.incrementAndGet();
        // Last, so that no call slips in between.
        overdue.decrementAndGet();
    }

    /** The stack was full: that takes long, and says that something of the resource is too deep for the plugin. */
    void overflowed(String point) {
        quarantine.failed(WorkingFor.current().orElse(NONE), point, "overflowed the stack");
    }

    /** The plugin used up the memory: no resource waits for a second time. */
    synchronized void outOfMemory(String point) {
        var why = "used up the operator's memory";
        var resource = WorkingFor.current().orElse(NONE);
        quarantine.failedBadly(resource, point, why);
        outOfMemory.add(resource);
        if (outOfMemory.size() >= SEVERAL) {
            open = new Open(point, System.nanoTime() + LONGEST_PAUSE.toNanos(), LONGEST_PAUSE, why);
        }
    }
}
