package io.drey.core.flink;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all answers that are being received. When there are too many, the largest answer is dropped, which
 * is none of Flink's: those are small and short. Thread-safe.
 */
final class ByteBudget {
    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final Set<LimitedBody> bodies = ConcurrentHashMap.newKeySet();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    void joins(LimitedBody body) {
        bodies.add(body);
    }

    void grows(long bytes) {
        if (held.addAndGet(bytes) > limit) {
            bodies.stream().max(Comparator.comparingLong(LimitedBody::size)).ifPresent(LimitedBody::drop);
        }
    }

    void releases(LimitedBody body, long bytes) {
        bodies.remove(body);
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
