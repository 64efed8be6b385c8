package io.drey.core.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** A histogram of durations. Thread-safe. */
public final class Durations {
    /** Upper bounds of the buckets, in seconds. Those of a published name never change. */
    static final List<Double> BOUNDS = List.of(0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0);

    private static final double NANOS = 1e9;

    private final List<LongAdder> buckets =
            Stream.generate(LongAdder::new).limit(BOUNDS.size() + 1L).toList();
    private final LongAdder nanos = new LongAdder();

    /** Adds one. */
    public void add(Duration duration) {
        double seconds = duration.toNanos() / NANOS;
        int bucket = 0;
        while (bucket < BOUNDS.size() && seconds > BOUNDS.get(bucket)) {
            bucket++;
        }
        buckets.get(bucket).increment();
        nanos.add(duration.toNanos());
    }

    /** How many fell into each bucket; the last one has no bound. */
    List<Long> counts() {
        return buckets.stream().map(LongAdder::sum).toList();
    }

    /** How many there are. */
    public long count() {
        return counts().stream().mapToLong(Long::longValue).sum();
    }

    double seconds() {
        return nanos.sum() / NANOS;
    }
}
