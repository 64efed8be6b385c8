package io.drey.core.host;

import static java.util.Objects.requireNonNull;

import io.drey.core.port.CoreTime;
import io.drey.spi.resource.ResourceRef;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches calls into plugins. A call that takes longer than the deadline, or allocates more than the limit, is
 * interrupted; when it still has not returned after twice the deadline, its thread is given up. A call that comes back
 * late never counts: its caller gets a failure, and a thread that was given up unwinds. A call that computes for a
 * hundredth of the deadline goes on at the lowest priority, so that several of them leave the processors to others.
 * Thread-safe.
 */
public final class CallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallWatch.class);
    private static final int FRAMES = 20;
    private static final int LOOKS = 20;

    /** What it may compute before its priority is lowered: this part of the deadline. */
    private static final int COMPUTES = 100;

    /** Somebody whose threads call plugins. */
    public interface Owner {
        /**
         * Whether the thread is this owner's, and another one takes its place after the call in case that its priority is
         * lowered now: without rights the system raises none again, and a thread that it starts is no better.
         */
        boolean replaces(Thread thread);

        /**
         * This thread is inside of a plugin and does not come back. Should it ever do so, it unwinds with {@link
         * AbandonedCall} and has no effect any more.
         *
         * @return whether the thread was this owner's
         */
        boolean giveUp(Thread thread, String why);

        /** Made of its two answers. */
        static Owner of(Predicate<Thread> replaces, BiPredicate<Thread, String> giveUp) {
            return new Owner() {
                @Override
                public boolean replaces(Thread thread) {
                    return replaces.test(thread);
                }

                @Override
                public boolean giveUp(Thread thread, String why) {
                    return giveUp.test(thread, why);
                }
            };
        }
    }

    /**
     * What a call may take.
     *
     * @param deadline before it is interrupted
     * @param bytes that it may allocate before it is interrupted
     */
    public record Limits(Duration deadline, long bytes) {
        /** This time, and a quarter of the heap. */
        public static Limits within(Duration deadline) {
            return new Limits(deadline, Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 4));
        }
    }

    private enum State {
        RUNNING,
        INTERRUPTED,
        ABANDONED,
        OVER
    }

    /** One call in flight. Its state is guarded by itself. */
    static final class Call {
        private final Slot slot;
        private final PluginCalls plugin;
        private final String point;
        private final ResourceRef resource;
        private final @Nullable Call outer;
        private final CoreTime core = CoreTime.ofThisThread();
        private final long coreBefore = core.nanos();
        private final long since = System.nanoTime();
        private long bytesBefore = -1;
        private long computedBefore = -1;
        private State state = State.RUNNING;
        private String why = "";

        Call(Slot slot, PluginCalls plugin, String point, ResourceRef resource, @Nullable Call outer) {
            this.slot = slot;
            this.plugin = plugin;
            this.point = point;
            this.resource = resource;
            this.outer = outer;
        }

        String point() {
            return point;
        }

        /** The resource that it is for. */
        ResourceRef resource() {
            return resource;
        }

        /** Whether it began before then, in nanoseconds of the clock. */
        boolean beganBefore(long then) {
            return since - then < 0;
        }

        /** The plugin's own time. */
        long nanos() {
            return System.nanoTime() - since - (core.nanos() - coreBefore);
        }
    }

    /** What a thread is in. */
    private static final class Slot {
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Call current;
        private volatile boolean abandoned;
    }

    /** What became of a call. */
    sealed interface End {
        /** It came back in time. */
        record InTime() implements End {}

        /** It came back after it was interrupted. */
        record Late(String why) implements End {}

        /** Somebody else does its thread's work by now. */
        record Abandoned(String why) implements End {}
    }

    private static final End IN_TIME = new End.InTime();

    private final Limits limits;
    private final Map<Thread, Slot> slots = new ConcurrentHashMap<>();
    private final ThreadLocal<Slot> slot = ThreadLocal.withInitial(this::newSlot);
    private final CopyOnWriteArrayList<Owner> owners = new CopyOnWriteArrayList<>();
    private final com.sun.management.ThreadMXBean threads;
    private final Thread watch;

    /** Starts to watch. */
    public CallWatch(Limits limits) {
        this.limits = requireNonNull(limits);
        this.threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        this.watch = Thread.ofPlatform().name("drey-call-watch").daemon().unstarted(this::watch);
        watch.start();
    }

    /** Adds somebody whose threads call plugins. */
    public void add(Owner owner) {
        owners.add(owner);
    }

    private Slot newSlot() {
        var made = new Slot();
        slots.put(made.thread, made);
        return made;
    }

    /** Ends a thread that was given up. */
    void unwindIfGivenUp() {
        if (slot.get().abandoned) {
            throw new AbandonedCall("this thread was given up");
        }
    }

    Call begin(PluginCalls plugin, String point, ResourceRef resource) {
        var mine = slot.get();
        var call = new Call(mine, plugin, point, resource, mine.current);
        mine.current = call;
        return call;
    }

    End end(Call call) {
        call.slot.current = call.outer;
        synchronized (call) {
            var before = call.state;
            call.state = State.OVER;
            return switch (before) {
                case INTERRUPTED -> {
                    // It was meant for this call.
                    Thread.interrupted();
                    call.plugin.overdueEnded();
                    yield new End.Late(call.why);
                }
                case ABANDONED -> new End.Abandoned(call.why);
                default -> IN_TIME;
            };
        }
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(Math.max(5, limits.deadline().toMillis() / LOOKS));
                for (var each : slots.values()) {
                    var call = each.current;
                    if (!each.thread.isAlive()) {
                        slots.remove(each.thread);
                    } else if (call != null) {
                        check(each, call);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(Slot each, Call call) {
        var took = Duration.ofNanos(call.nanos());
        synchronized (call) {
            lowerPriority(each, call);
            if (call.state == State.RUNNING) {
                boolean slow = took.compareTo(limits.deadline()) > 0;
                if (slow || allocates(each, call)) {
                    call.state = State.INTERRUPTED;
                    call.why = slow
                            ? "took longer than " + seconds(limits.deadline())
                            : "allocated more than " + (limits.bytes() >> 20) + " MiB";
                    call.plugin.overdue(call, call.why + " in " + call.point);
                    LOG.warn("{} {} and is interrupted, at{}", name(call), call.why, stack(each.thread));
                    each.thread.interrupt();
                }
            } else if (call.state == State.INTERRUPTED
                    && took.compareTo(limits.deadline().multipliedBy(2)) > 0) {
                call.state = State.ABANDONED;
                call.why = "does not return, " + seconds(took) + " after it was called";
                each.abandoned = true;
                each.thread.setPriority(Thread.MIN_PRIORITY);
                call.plugin.stuck(call, call.why);
                LOG.error("{} {}; its thread is given up, at{}", name(call), call.why, stack(each.thread));
                var why = name(call) + " " + call.why;
                if (owners.stream().noneMatch(owner -> owner.giveUp(each.thread, why))) {
                    LOG.error("nobody takes the place of {}", each.thread.getName());
                }
            }
        }
    }

    private void lowerPriority(Slot each, Call call) {
        if (call.state == State.OVER || each.thread.getPriority() == Thread.MIN_PRIORITY) {
            return;
        }
        long now = threads.getThreadCpuTime(each.thread.threadId());
        if (call.computedBefore < 0) {
            call.computedBefore = now;
        } else if (now - call.computedBefore > limits.deadline().toNanos() / COMPUTES
                && owners.stream().anyMatch(owner -> owner.replaces(each.thread))) {
            each.thread.setPriority(Thread.MIN_PRIORITY);
            LOG.debug("{} computes for long and has the lowest priority now", name(call));
        }
    }

    private boolean allocates(Slot each, Call call) {
        long now = threads.getThreadAllocatedBytes(each.thread.threadId());
        if (call.bytesBefore < 0) {
            call.bytesBefore = now;
        }
        return now - call.bytesBefore > limits.bytes();
    }

    private static String name(Call call) {
        return "plugin " + call.plugin.id() + " in " + call.point;
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }

    private static String stack(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .limit(FRAMES)
                .map(frame -> "\n    " + frame)
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
