package io.drey.engine;

import io.drey.core.engine.Engine;
import io.drey.core.engine.ListenerQueue;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.CallWatch;
import io.drey.core.host.CallWatch.Limits;
import io.drey.core.host.CallWatch.Owner;
import io.drey.core.loop.Loop;
import io.drey.core.loop.Requeue;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.Schedule.Priority;
import io.drey.engine.Unruly.Point;
import io.drey.plugin.deployments.DeploymentsPlugin;
import io.drey.plugin.upgrades.Scenario;
import io.drey.plugin.upgrades.UpgradesPlugin;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * The cost of a plugin that misbehaves for a few resources to 200 others that use it as well: the latency of their passes,
 * from when they are due to their end, over the same while the plugin is well. The engine, its loop and its gateway are those
 * of the operator. Run by {@code bench/chaos}.
 */
final class ChaosBench {
    private static final int OTHERS = 200;
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofMillis(250);

    /** In which calls that never return are interrupted, and their threads abandoned. */
    private static final Duration FIRST = DEADLINE.multipliedBy(3);

    private static final Duration THEN = Duration.ofMillis(Long.getLong("drey.bench.millis", 1_000));
    private static final int ROUNDS = Integer.getInteger("drey.bench.rounds", 3);

    /** Pauses between the calls of a contribution that failed are this much shorter. */
    private static final int FASTER = 20;

    private static final Instant BEGIN = Instant.parse("2026-01-01T01:00:00Z");
    private static final FlinkConfig PLATFORM = new FlinkConfig(Map.of("parallelism.default", "1"));

    /**
     * @param victims resources that it misbehaves for; with one more, a plugin that uses up the memory or keeps the threads
     *     that call it is called for no resource, since memory and threads are everybody's
     */
    private record Manner(String name, int victims, Runnable what) {
        boolean isFor(ResourceRef ref) {
            return ref.namespace().startsWith(prefix());
        }

        String prefix() {
            return "victim-" + name.replaceAll("[^a-z]", "") + "-";
        }
    }

    private static final List<Manner> MANNERS = List.of(
            new Manner("throws", 4, () -> Unruly.fail(Unruly.Manner.THROWS)),
            new Manner("overflows the stack", 4, () -> overflow(0)),
            new Manner("hangs", 4, () -> Unruly.fail(Unruly.Manner.LATE)),
            new Manner("allocates without end", 4, ChaosBench::allocate),
            new Manner("spins, deaf to interrupts", 4, ChaosBench::spin),
            new Manner("is out of memory", 2, () -> Unruly.fail(Unruly.Manner.REFUSED)));

    private static volatile CountDownLatch stop = new CountDownLatch(1);

    private ChaosBench() {}

    /** The p50 of each moment, in microseconds: until calls that never return were abandoned, and after that. */
    private static final class Measured {
        private final List<Double> first = new ArrayList<>();
        private final List<Double> then = new ArrayList<>();
        private long passes;
        private long failed;
    }

    /**
     * Prints a line for each extension point and manner.
     *
     * @param arguments regular expressions of the points and of the manners to run; none for all
     */
    public static void main(String[] arguments) throws InterruptedException {
        Configurator.setRootLevel(Level.OFF);
        var manners = MANNERS.stream()
                .filter(manner -> arguments.length < 2 || manner.name().matches(arguments[1]))
                .toList();
        try (var cold = new Operator(Point.RULE, List.of())) {
            cold.warm();
        }
        System.out.printf(
                "p50 over the same while the plugin is well, %d rounds; passes of others that it failed%n", ROUNDS);
        System.out.printf("%-16s %-26s %8s %8s %14s   p50, us%n", "", "", "first", "then", "failed");
        for (var point : Point.values()) {
            if (arguments.length == 0 || point.name().matches(arguments[0])) {
                compare(point, manners);
            }
        }
        System.exit(0);
    }

    private static void compare(Point point, List<Manner> manners) throws InterruptedException {
        Map<Manner, Measured> beside = new LinkedHashMap<>();
        manners.forEach(manner -> beside.put(manner, new Measured()));
        var well = new Measured();
        for (int round = 0; round < ROUNDS; round++) {
            try (var operator = new Operator(point, manners)) {
                operator.warm();
                for (var manner : manners) {
                    // Other work on the machine then falls on both.
                    operator.well(well);
                    operator.misbehaves(manner, beside.get(manner));
                }
                operator.well(well);
            }
        }
        beside.forEach((manner, measured) -> System.out.printf(
                "%-16s %-26s %8.2f %8.2f %14s   %.0f beside %.0f%n",
                point,
                manner.name(),
                quiet(measured.first) / quiet(well.then),
                quiet(measured.then) / quiet(well.then),
                measured.failed + " of " + measured.passes,
                quiet(measured.then),
                quiet(well.then)));
    }

    /** The lower quartile: the machine does other work as well, and not always. */
    private static double quiet(List<Double> moments) {
        return moments.stream().sorted().toList().get(moments.size() / 4);
    }

    /** An operator's engine and loop over resources at rest. */
    private static final class Operator implements AutoCloseable {
        private final Point point;
        private final CallWatch watch = new CallWatch(new Limits(DEADLINE, 64L << 20));
        private final Worlds worlds = new Worlds();
        private final ListenerQueue listeners = new ListenerQueue();
        private final Map<ResourceRef, Long> due = new ConcurrentHashMap<>();
        private final Map<ResourceRef, Integer> passed = new ConcurrentHashMap<>();
        private final Set<ResourceRef> provoked = ConcurrentHashMap.newKeySet();
        private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();
        private final LongAdder passes = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicInteger ids = new AtomicInteger();
        private final long began = System.nanoTime();
        private final InstantSource time = () -> BEGIN.plusNanos((System.nanoTime() - began) * FASTER);
        private final Engine engine;
        private final Loop loop;
        private volatile Optional<Manner> current = Optional.empty();

        Operator(Point point, List<Manner> manners) {
            this.point = point;
            Unruly.is(point);
            var clock = Clock.systemUTC();
            var sets = new FeatureSets()
                    .plugin(new DeploymentsPlugin(), clock, watch)
                    .plugin(new UpgradesPlugin(), clock, watch)
                    .plugin(new Unruly(), clock, watch)
                    .plugin(new Witness(), clock, watch);
            if (point != Point.DEPLOYER) {
                sets.deployer(new FakeDeployer());
            }
            var generations = sets.generations();
            var features = generations.enter().platform();
            engine = new Engine(
                    generations,
                    worlds.cache(),
                    worlds.kubernetes(),
                    worlds.flink(),
                    (request, tenant) -> PLATFORM.with(tenant).with(request.own()),
                    time.withZone(ZoneOffset.UTC),
                    () -> String.format("%032x", 1_000_000 + ids.incrementAndGet()),
                    listeners,
                    new Engine.RetryTimes(Duration.ofMinutes(1)));
            var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
            loop = new Loop(queue, this::pass, Duration.ofSeconds(60), Duration.ofMillis(200));
            IntStream.range(0, OTHERS).forEach(i -> add("other-" + i, features));
            manners.forEach(manner ->
                    IntStream.range(0, manner.victims()).forEach(i -> add(manner.prefix() + i, features)));
            watch.add(Owner.of(loop::isWorker, loop::giveUp));
            watch.add(Owner.of(thread -> false, listeners::giveUp));
            loop.start(50);
            for (var ref : worlds.refs()) {
                due.put(ref, System.nanoTime());
                queue.enqueue(ref, Priority.EVENT);
            }
        }

        private void add(String name, FeatureSet features) {
            var world = new Simulation(features, PLATFORM);
            worlds.add(world.apply(manifest(name, "flink:2.3")), world);
        }

        private String manifest(String name, String image) {
            var kind = point == Point.KIND && name.startsWith("victim") ? "UnrulyJob" : "FlinkDeployment";
            return Scenario.application(image, 1, "running", point == Point.STRATEGY ? Unruly.NAME : "stateless", "{}")
                    .replace("namespace: tests", "namespace: " + name)
                    .replace("name: job", "name: " + name)
                    .replace("FlinkDeployment", kind);
        }

        /** Until all jobs run. */
        void warm() throws InterruptedException {
            do {
                TimeUnit.MILLISECONDS.sleep(500);
            } while (worlds.refs().stream()
                    .anyMatch(ref -> ref.namespace().startsWith("other") && passed.getOrDefault(ref, 0) < 15));
        }

        void well(Measured measured) throws InterruptedException {
            measure(THEN, measured.then);
        }

        void misbehaves(Manner manner, Measured measured) throws InterruptedException {
            passes.reset();
            failed.reset();
            Unruly.fails(manner::isFor, manner.what());
            current = Optional.of(manner);
            measure(FIRST, measured.first);
            measure(THEN, measured.then);
            measured.passes += passes.sum();
            measured.failed += failed.sum();
            Unruly.isWell();
            // Calls that were abandoned end, and are no burden to the next manner.
            stop.countDown();
            TimeUnit.MILLISECONDS.sleep(500);
            stop = new CountDownLatch(1);
        }

        private void measure(Duration length, List<Double> p50) throws InterruptedException {
            for (long i = 0; i < length.dividedBy(MOMENT); i++) {
                latencies.clear();
                TimeUnit.NANOSECONDS.sleep(MOMENT.toNanos());
                var sorted =
                        latencies.stream().mapToLong(Long::longValue).sorted().toArray();
                // When none ended, they take longer than that.
                p50.add(sorted.length == 0 ? MOMENT.toNanos() / 1000.0 : sorted[sorted.length / 2] / 1000.0);
            }
        }

        private Requeue pass(ResourceRef ref) {
            var world = worlds.of(ref);
            world.clock().advance(Duration.between(world.clock().instant(), time.instant()));
            boolean victim = current.filter(manner -> manner.isFor(ref)).isPresent();
            if (victim) {
                provoke(ref, world);
            }
            var requeue = engine.pass(ref);
            world.cluster().settle();
            passed.merge(ref, 1, Integer::sum);
            // Spread, as those of resources that were created at different times are.
            var pause = Duration.ofMillis(
                    ThreadLocalRandom.current().nextLong(EVERY.toMillis() / 2, EVERY.toMillis() * 3 / 2));
            if (ref.namespace().startsWith("victim")) {
                return requeue instanceof Requeue.BackOff ? requeue : Requeue.after(pause);
            }
            long now = System.nanoTime();
            latencies.add(now - due.put(ref, now + pause.toNanos()));
            passes.increment();
            if (requeue instanceof Requeue.BackOff
                    || world.status(ref).toString().contains("plugin Unruly")) {
                failed.increment();
            }
            return Requeue.after(pause);
        }

        /** Gives its passes something to do, and to report. */
        private void provoke(ResourceRef ref, Simulation world) {
            world.kubernetes().vanish(new ObjectKey("v1", "ConfigMap", ref.namespace(), "witness"));
            if (provoked.add(ref)) {
                if (point == Point.DELETION_GUARD) {
                    world.delete(ref);
                } else {
                    world.apply(manifest(ref.name(), "flink:2.4"));
                }
            }
        }

        @Override
        public void close() {
            loop.close();
            listeners.close();
            watch.close();
        }
    }

    private static int overflow(int depth) {
        return depth == Integer.MAX_VALUE ? depth : overflow(depth + 1) + 1;
    }

    private static void spin() {
        var end = stop;
        while (end.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void allocate() {
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
