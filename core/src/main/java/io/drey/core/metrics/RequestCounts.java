package io.drey.core.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Requests to a server, by method and response code. Thread-safe. */
public final class RequestCounts {
    private static final int NO_RESPONSE = 0;

    private final Map<Labels, LongAdder> counts = new ConcurrentHashMap<>();
    private final Durations durations = new Durations();

    /**
     * Counts a request that is over.
     *
     * @param code of HTTP; 0 when there was no response
     */
    public void add(String method, int code, Duration took) {
        var labels = Labels.of("method", method).with("code", code == NO_RESPONSE ? "none" : Integer.toString(code));
        counts.computeIfAbsent(labels, unseen -> new LongAdder()).increment();
        durations.add(took);
    }

    /** By {@code method} and {@code code}. */
    public SortedMap<Labels, Long> byCode() {
        SortedMap<Labels, Long> sums = new TreeMap<>();
        counts.forEach((labels, count) -> sums.put(labels, count.sum()));
        return sums;
    }

    /** Of all. */
    public Durations durations() {
        return durations;
    }
}
