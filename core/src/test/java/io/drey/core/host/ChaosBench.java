package io.drey.core.host;

import io.drey.core.loop.Loop;
import io.drey.core.loop.Requeue;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.Listener;
import io.drey.spi.resource.ResourceRef;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What a bad plugin costs the resources that do not use it: the latency of their passes, from when they are due to their
 * end, beside ten resources whose plugin misbehaves, over the same without them. Run by {@code bench/chaos}.
 */
final class ChaosBench {
    private static final int GOOD = 200;
    private static final int BAD = 10;
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration RUN = Duration.ofSeconds(Long.getLong("drey.bench.seconds", 6));
    private static final ClassLoader LOADER = new URLClassLoader(new URL[0]);

    private ChaosBench() {}

    private record Latency(double p50, double p99, int passes) {}

    /** Prints a line for each kind of failure. */
    public static void main(String[] arguments) throws InterruptedException {
        Configurator.setRootLevel(Level.OFF);
        Map<String, Listener> kinds = new LinkedHashMap<>();
        kinds.put("throws", report -> {
            throw new IllegalStateException("chaos");
        });
        kinds.put("overflows the stack", report -> overflow(0));
        kinds.put("misses a class", report -> {
            throw new NoClassDefFoundError("com/example/Gone");
        });
        kinds.put("hangs", report -> hang());
        kinds.put("allocates without end", ChaosBench::allocate);
        kinds.put("starts threads", report -> {
            for (int i = 0; i < 10; i++) {
                Thread.ofPlatform().daemon().start(ChaosBench::hang);
            }
        });
        kinds.put("spins, deaf to interrupts", report -> spin());
        run(report -> {}, false);
        System.out.printf(
                "%-28s %10s %10s %8s %8s%n", "the plugin of 10 resources", "p50 us", "p99 us", "x p50", "x p99");
        for (var kind : kinds.entrySet()) {
            var before = run(report -> {}, false);
            var beside = run(kind.getValue(), true);
            STOP.set(true);
            TimeUnit.MILLISECONDS.sleep(300);
            STOP.set(false);
            System.out.printf(
                    "%-28s %10.0f %10.0f %8.2f %8.2f   (without: %.0f, %.0f us)%n",
                    kind.getKey(),
                    beside.p50(),
                    beside.p99(),
                    beside.p50() / before.p50(),
                    beside.p99() / before.p99(),
                    before.p50(),
                    before.p99());
        }
        System.exit(0);
    }

    private static final AtomicBoolean STOP = new AtomicBoolean();

    private static Latency run(Listener chaos, boolean withBad) throws InterruptedException {
        var latencies = new ConcurrentLinkedQueue<Long>();
        var work = new LongAdder();
        try (var watch = new CallWatch(new CallWatch.Limits(Duration.ofMillis(500), 64L << 20))) {
            var good = Gateway.guard(
                    Listener.class,
                    report -> {
                        for (int i = 0; i < 2_000; i++) {
                            work.add(i);
                        }
                    },
                    new PluginCalls("good", LOADER, watch));
            var bad = Gateway.guard(Listener.class, chaos, new PluginCalls("bad", LOADER, watch));
            var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
            Map<ResourceRef, Long> due = new java.util.concurrent.ConcurrentHashMap<>();
            var loop = new Loop(
                    queue,
                    ref -> {
                        if (ref.namespace().equals("bad")) {
                            try {
                                bad.onReport(null);
                            } catch (PluginFailure e) {
                                return Requeue.backOff(Duration.ofSeconds(15));
                            }
                            return Requeue.after(EVERY);
                        }
                        good.onReport(null);
                        long now = System.nanoTime();
                        latencies.add(now - due.getOrDefault(ref, now));
                        due.put(ref, now + EVERY.toNanos());
                        return Requeue.after(EVERY);
                    },
                    Duration.ofSeconds(60),
                    Duration.ofMillis(200));
            try (loop) {
                watch.add(loop::giveUp);
                loop.start(50);
                for (int i = 0; i < GOOD; i++) {
                    queue.enqueue(new ResourceRef("FlinkDeployment", "good", "job" + i), Priority.EVENT);
                }
                for (int i = 0; withBad && i < BAD; i++) {
                    queue.enqueue(new ResourceRef("FlinkDeployment", "bad", "job" + i), Priority.EVENT);
                }
                TimeUnit.MILLISECONDS.sleep(RUN.toMillis() / 3);
                latencies.clear();
                TimeUnit.MILLISECONDS.sleep(RUN.toMillis());
            }
        }
        var sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Latency(at(sorted, 0.5), at(sorted, 0.99), sorted.length);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) (sorted.length * share)] / 1000.0;
    }

    private static int overflow(int depth) {
        return depth == Integer.MAX_VALUE ? depth : overflow(depth + 1) + 1;
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void spin() {
        while (!STOP.get()) {
            Thread.onSpinWait();
        }
    }

    private static void allocate(Listener.ReconcileReport report) {
        List<byte[]> hoard = new ArrayList<>();
        while (!Thread.currentThread().isInterrupted()) {
            hoard.add(new byte[1 << 20]);
            Arrays.fill(hoard.getLast(), (byte) 1);
            if (hoard.size() > 32) {
                hoard.clear();
            }
        }
    }
}
