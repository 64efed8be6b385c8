package io.drey.core.host;

import io.drey.core.host.CallWatch.Owner;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
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
    private static final Duration DEADLINE = Duration.ofMillis(500);

    /** In which what never returns is given up. */
    private static final Duration FIRST = DEADLINE.multipliedBy(3);

    private static final Duration THEN = Duration.ofMillis(Long.getLong("drey.bench.millis", 2_000));
    private static final int PAIRS = Integer.getInteger("drey.bench.pairs", 7);
    private static final ClassLoader LOADER = new URLClassLoader(new URL[0]);

    private ChaosBench() {}

    private record Latency(double p50, double p99) {}

    /** Until what never returns is given up, and after that. */
    private record Run(Latency first, Latency then) {}

    /**
     * Prints a line for each kind of failure.
     *
     * @param arguments what the names of the kinds to be run have in them; none for all
     */
    public static void main(String[] arguments) throws InterruptedException {
        Configurator.setRootLevel(Level.OFF);
        Map<String, Listener> kinds = new LinkedHashMap<>();
        kinds.put("nothing at all", report -> {});
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
                Thread.ofPlatform().daemon().start(ChaosBench::waitForStop);
            }
        });
        kinds.put("spins, deaf to interrupts", report -> spin());
        kinds.keySet()
                .removeIf(
                        name -> arguments.length > 0 && Arrays.stream(arguments).noneMatch(name::contains));
        run(report -> {}, false);
        System.out.printf(
                "ratios to the same without it, medians of %d pairs of runs, and the least and the greatest%n%-28s %18s %18s"
                        + " %18s   p50 us%n",
                PAIRS, "the plugin of 10 resources", "p50", "p99", "p50, first 1.5 s");
        for (var kind : kinds.entrySet()) {
            List<Run> without = new ArrayList<>();
            List<Run> beside = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                // Now one first, now the other: what else the machine does then falls on both.
                if (i % 2 == 0) {
                    without.add(run(report -> {}, false));
                }
                beside.add(run(kind.getValue(), true));
                if (i % 2 != 0) {
                    without.add(run(report -> {}, false));
                }
            }
            System.out.printf(
                    "%-28s %18s %18s %18s   %.0f beside %.0f%n",
                    kind.getKey(),
                    ratios(beside, without, run -> run.then().p50()),
                    ratios(beside, without, run -> run.then().p99()),
                    ratios(beside, without, run -> run.first().p50()),
                    median(beside.stream().mapToDouble(run -> run.then().p50())),
                    median(without.stream().mapToDouble(run -> run.then().p50())));
        }
        System.exit(0);
    }

    private static String ratios(List<Run> beside, List<Run> without, ToDoubleFunction<Run> value) {
        var ratios = IntStream.range(0, beside.size())
                .mapToDouble(i -> value.applyAsDouble(beside.get(i)) / value.applyAsDouble(without.get(i)))
                .sorted()
                .toArray();
        return String.format("%.2f (%.2f-%.2f)", median(Arrays.stream(ratios)), ratios[0], ratios[ratios.length - 1]);
    }

    private static double median(DoubleStream values) {
        var sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static volatile CountDownLatch stop = new CountDownLatch(1);

    private static Run run(Listener chaos, boolean withBad) throws InterruptedException {
        var latencies = new ConcurrentLinkedQueue<Long>();
        var work = new LongAdder();
        Latency first;
        try (var watch = new CallWatch(new CallWatch.Limits(DEADLINE, 64L << 20))) {
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
            Map<ResourceRef, Long> due = new ConcurrentHashMap<>();
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
                watch.add(Owner.of(loop::isWorker, loop::giveUp));
                loop.start(50);
                for (int i = 0; i < GOOD; i++) {
                    queue.enqueue(new ResourceRef("FlinkDeployment", "good", "job" + i), Priority.EVENT);
                }
                for (int i = 0; withBad && i < BAD; i++) {
                    queue.enqueue(new ResourceRef("FlinkDeployment", "bad", "job" + i), Priority.EVENT);
                }
                TimeUnit.NANOSECONDS.sleep(FIRST.toNanos());
                first = latency(latencies);
                latencies.clear();
                TimeUnit.NANOSECONDS.sleep(THEN.toNanos());
            }
        }
        // What was left behind ends, and is no burden to the next run.
        stop.countDown();
        TimeUnit.MILLISECONDS.sleep(500);
        stop = new CountDownLatch(1);
        return new Run(first, latency(latencies));
    }

    private static Latency latency(Collection<Long> latencies) {
        var sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Latency(at(sorted, 0.5), at(sorted, 0.99));
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

    private static void waitForStop() {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void spin() {
        var end = stop;
        while (end.getCount() > 0) {
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
