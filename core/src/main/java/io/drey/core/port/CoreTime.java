package io.drey.core.port;

import java.util.function.Supplier;

/**
 * Time that a thread spends in the core while it is inside of a plugin: a slow API server that a fact source asks by way of
 * the core is not the plugin's fault. One for each thread, which alone writes it; read by any.
 */
public final class CoreTime {
    private static final ThreadLocal<CoreTime> MINE = ThreadLocal.withInitial(CoreTime::new);

    private volatile long before;
    private volatile long since;
    private volatile boolean inside;

    private CoreTime() {}

    /** The one of this thread. */
    public static CoreTime ofThisThread() {
        return MINE.get();
    }

    /** Runs something of the core's, on the core's time. */
    public static <T> T spend(Supplier<T> work) {
        var mine = MINE.get();
        if (mine.inside) {
            return work.get();
        }
        mine.since = System.nanoTime();
        mine.inside = true;
        try {
            return work.get();
        } finally {
            mine.before += System.nanoTime() - mine.since;
            mine.inside = false;
        }
    }

    /** All of it until now, nanoseconds. */
    public long nanos() {
        long ended = before;
        return inside ? ended + System.nanoTime() - since : ended;
    }
}
