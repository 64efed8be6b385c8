package io.drey.core.flink;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Bounds the reads under way. A namespace gets another permit while it holds fewer than there are free ones: one whose
 * JobManagers hang gets half of all, two get a third each, and the others always find some left. Thread-safe.
 */
final class Permits {
    private final int total;
    private final Executor executor;
    private final Map<String, Integer> held = new HashMap<>();
    private final LinkedHashMap<String, Queue<Runnable>> waiting = new LinkedHashMap<>();
    private int underWay;

    /** @param executor that runs what has waited */
    Permits(int total, Executor executor) {
        this.total = total;
        this.executor = executor;
    }

    /** Starts a read, now if there is a permit. It must give the permit back with {@link #release}. */
    void start(String namespace, Runnable read) {
        synchronized (this) {
            if (!mayStart(namespace)) {
                waiting.computeIfAbsent(namespace, first -> new ArrayDeque<>()).add(read);
                return;
            }
            takes(namespace);
        }
        read.run();
    }

    /** Takes a permit for an effect, which waits for nothing. */
    synchronized void takes(String namespace) {
        held.merge(namespace, 1, Integer::sum);
        underWay++;
    }

    void release(String namespace) {
        Optional<Runnable> next;
        synchronized (this) {
            underWay--;
            held.computeIfPresent(namespace, (name, count) -> count > 1 ? count - 1 : null);
            next = next();
        }
        next.ifPresent(executor::execute);
    }

    private boolean mayStart(String namespace) {
        return held.getOrDefault(namespace, 0) < total - underWay;
    }

    /** The namespaces that wait take turns. */
    private Optional<Runnable> next() {
        for (var namespace : waiting.keySet()) {
            if (mayStart(namespace)) {
                var reads = waiting.remove(namespace);
                var read = reads.remove();
                if (!reads.isEmpty()) {
                    waiting.put(namespace, reads);
                }
                takes(namespace);
                return Optional.of(read);
            }
        }
        return Optional.empty();
    }

    /** Whether less than half of the permits are taken. */
    synchronized boolean spare() {
        return underWay < total / 2;
    }

    synchronized int underWay() {
        return underWay;
    }
}
