package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.loop.Loop;
import io.drey.core.loop.Requeue;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class HotSwapTest {
    private static final Logger LOG = LoggerFactory.getLogger(HotSwapTest.class);

    private static final int RESOURCES = 200;

    @TempDir
    private Path plugins;

    @TempDir
    private Path jars;

    @TempDir
    private Path store;

    private final CallWatch watch = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));

    @AfterEach
    void stop() {
        watch.close();
    }

    private PluginHost host() {
        var host = new PluginHost(store, "0.1.0", Clock.systemUTC(), watch);
        host.load(offer(Map.of()));
        return host;
    }

    private Offer offer(Map<String, JsonNode> configuration) {
        return new Offer(List.of(plugins), configuration, Set.of());
    }

    private boolean change(PluginHost host) {
        return host.change(offer(Map.of()));
    }

    private static Set<String> strategies(PluginHost host) {
        return host.features().strategies().keySet();
    }

    private static Object strategy(PluginHost host, String name) {
        return host.features().strategies().get(name);
    }

    private void drop(Path jar, String name) throws IOException {
        var temporary = Files.copy(jar, plugins.resolve(name + ".tmp"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(temporary, plugins.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitCollected(PluginHost host) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            // A thread of the load may hold one for a moment.
            var counts = host.retired();
            return counts.pending() == 0 && counts.leaked() == 0;
        });
    }

    @Test
    void onlyWhatChangedIsLoadedAnewAndWhatIsGoneIsCollected() throws IOException {
        PluginJars.strategy("steady", "\"steady\"").write(plugins.resolve("steady.jar"));
        PluginJars.strategy("other", "\"one\"").write(plugins.resolve("other.jar"));
        try (var host = host()) {
            var steady = strategy(host, "steady");

            assertThat(change(host)).as("nothing is new").isFalse();

            PluginJars.strategy("other", "\"two\"").write(jars.resolve("other.jar"));
            drop(jars.resolve("other.jar"), "other.jar");
            assertThat(change(host)).isTrue();
            assertThat(strategies(host)).containsExactlyInAnyOrder("steady", "two");
            assertThat(strategy(host, "steady")).isSameAs(steady);

            Files.delete(plugins.resolve("other.jar"));
            assertThat(change(host)).isTrue();
            assertThat(strategies(host)).containsExactly("steady");
            await().until(() -> host.retired().retired() == 2);
            awaitCollected(host);
            try (var copies = Files.walk(store)) {
                assertThat(copies.filter(Files::isRegularFile))
                        .as("copies of jars")
                        .hasSize(1);
            }
        }
    }

    @Test
    void aPassStaysInTheGenerationThatItEntered() throws IOException {
        PluginJars.strategy("p", "\"one\"").write(plugins.resolve("p.jar"));
        try (var host = host()) {
            var pass = host.enter();
            PluginJars.strategy("p", "\"two\"").write(jars.resolve("p.jar"));
            drop(jars.resolve("p.jar"), "p.jar");
            change(host);

            assertThat(pass.platform().strategies().get("one").name()).isEqualTo("one");
            assertThat(strategies(host)).containsExactly("two");
            assertThat(host.retired().retired()).as("a pass is in flight").isZero();
            pass.close();
            await().until(() -> host.retired().retired() == 1);
        }
    }

    @Test
    void whatCannotBeUsedIsRefusedAndWhatIsAtWorkGoesOn() throws IOException {
        PluginJars.strategy("good", "\"good\"").write(plugins.resolve("good.jar"));
        try (var host = host()) {
            var good = strategy(host, "good");
            PluginJars.strategy("fresh", "\"fresh\"").write(plugins.resolve("fresh.jar"));
            PluginJars.plugin("bad", "if (true) throw new IllegalStateException(\"no\");")
                    .write(plugins.resolve("bad.jar"));

            assertThatThrownBy(() -> change(host)).isInstanceOf(PluginProblems.class);
            assertThat(host.refused())
                    .extracting(PluginProblem::toString)
                    .singleElement()
                    .asString()
                    .contains("plugin bad: it failed while it was loaded: IllegalStateException: no");
            assertThat(strategy(host, "good")).isSameAs(good);
            assertThat(strategies(host)).containsExactly("good");
            await().until(() -> host.retired().retired() == 2);

            Files.delete(plugins.resolve("bad.jar"));
            assertThat(change(host)).isTrue();
            assertThat(host.refused()).isEmpty();
            assertThat(strategies(host)).containsExactlyInAnyOrder("good", "fresh");
            awaitCollected(host);
        }
    }

    @Test
    void aChangedSectionAndAChangedDependencyLoadAnewWhatTheyConcern() throws IOException {
        var api = PluginJars.strategy("base", "\"base\"")
                .with("Plugin-Exports", "p.base")
                .write(plugins.resolve("base.jar"));
        PluginJars.strategy("user", "\"user\"")
                .with("Plugin-Dependencies", "base")
                .sees(api)
                .write(plugins.resolve("user.jar"));
        PluginJars.strategy("alone", "\"alone\"").write(plugins.resolve("alone.jar"));
        try (var host = host()) {
            var user = strategy(host, "user");
            var alone = strategy(host, "alone");
            JsonNode section = JsonNodeFactory.instance.objectNode().put("x", 1);

            assertThat(host.change(offer(Map.of("base", section)))).isTrue();

            assertThat(strategy(host, "user"))
                    .as("its dependency is another one")
                    .isNotSameAs(user);
            assertThat(strategy(host, "alone")).isSameAs(alone);
            assertThat(host.change(offer(Map.of("base", section)))).isFalse();
        }
    }

    @Test
    void aRequiredPluginThatIsRemovedIsRefused() throws IOException {
        PluginJars.strategy("a", "\"a\"").write(plugins.resolve("a.jar"));
        PluginJars.strategy("b", "\"b\"").write(plugins.resolve("b.jar"));
        try (var host = host()) {
            Files.delete(plugins.resolve("b.jar"));

            assertThatThrownBy(() -> host.change(new Offer(List.of(plugins), Map.of(), Set.of("b"))))
                    .isInstanceOf(PluginProblems.class)
                    .hasMessageContaining("drey.plugins.required names b, which is not there. Present: a.");
            assertThat(strategies(host)).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void theRestOfTheOperatorIsAskedBeforeAndToldAfterwards() throws IOException {
        PluginJars.strategy("p", "\"one\"").write(plugins.resolve("p.jar"));
        try (var host = host()) {
            List<String> told = new ArrayList<>();
            var refuses = new AtomicBoolean(true);
            host.onChange(new Transition() {
                @Override
                public List<PluginProblem> prepare(Entered next, Entered current) {
                    told.add(current.platform().strategies().keySet() + " -> "
                            + next.platform().strategies().keySet());
                    return refuses.get()
                            ? List.of(new PluginProblem("plugins", "it would restart a job", "Force it"))
                            : List.of();
                }

                @Override
                public void swapped(FeatureSet now) {
                    told.add("now " + now.strategies().keySet());
                }

                @Override
                public void retired(Collection<FeatureSet> left) {
                    told.add("left "
                            + left.stream()
                                    .map(set -> set.strategies().keySet())
                                    .toList());
                }
            });
            PluginJars.strategy("p", "\"two\"").write(plugins.resolve("p.jar"));

            assertThatThrownBy(() -> change(host)).hasMessageContaining("it would restart a job. Force it");
            assertThat(strategies(host)).containsExactly("one");
            await().until(() -> told.contains("left [[one]]"));
            refuses.set(false);
            assertThat(change(host)).isTrue();
            await().until(() -> told.contains("left [[two]]"));
            assertThat(told)
                    .containsExactly("[one] -> [two]", "left [[one]]", "[one] -> [two]", "now [two]", "left [[two]]");
        }
    }

    @Test
    void whatAPluginOpenedIsClosedAndWhatItLeftIsClearedAway() throws Exception {
        PluginJars.plugin("messy", "contributions.listener(Messy.class);")
                .source("p.messy.Messy", """
                        public final class Messy implements io.drey.spi.Listener, AutoCloseable, Runnable {
                            static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
                            private final Thread thread = new Thread(this, "messy-thread");
                            public void onReport(io.drey.spi.Listener.ReconcileReport report) {
                                LOCAL.set(this);
                                register();
                                thread.start();
                            }
                            public void run() {
                                try { Thread.sleep(1_000_000); } catch (InterruptedException e) { return; }
                            }
                            public interface LeftMBean {}
                            public static final class Left implements LeftMBean {}
                            private static void register() {
                                try {
                                    java.lang.management.ManagementFactory.getPlatformMBeanServer()
                                            .registerMBean(new Left(), new javax.management.ObjectName("messy:type=Left"));
                                } catch (javax.management.JMException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                            public void close() {
                                LOCAL.remove();
                                new java.io.File("%s").mkdir();
                                throw new LinkageError("badly closed");
                            }
                        }
                        """.formatted(jars.resolve("closed")))
                .write(plugins.resolve("messy.jar"));
        PluginJars.strategy("a", "\"a\"").write(plugins.resolve("a.jar"));
        try (var host = host()) {
            var caller = new Thread(() -> host.features().listeners().getFirst().onReport(null));
            caller.start();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("messy-thread")));
            var beans = ManagementFactory.getPlatformMBeanServer();
            assertThat(beans.queryNames(new ObjectName("messy:*"), null)).hasSize(1);
            Files.delete(plugins.resolve("messy.jar"));
            change(host);

            await().until(() -> Files.exists(jars.resolve("closed")));
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("messy-thread")));
            await().until(() ->
                    beans.queryNames(new ObjectName("messy:*"), null).isEmpty());
            awaitCollected(host);
        }
    }

    @Test
    void aLoaderThatSomethingHoldsIsFoundToLeak() throws IOException {
        PluginJars.strategy("p", "\"one\"").write(plugins.resolve("p.jar"));
        try (var host = host()) {
            Object held = strategy(host, "one");
            PluginJars.strategy("p", "\"two\"").write(plugins.resolve("p.jar"));
            change(host);
            await().until(() -> host.retired().retired() == 1);

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                System.gc();
                return host.retired().leaked() == 1;
            });
            assertThat(held).isNotNull();
        }
    }

    @Test
    void fiveHundredSwapsUnderLoadLoseNoPassMixNoSetsAndLeaveNothingBehind() throws Exception {
        int swaps = 500;
        var one = PluginJars.plugin("changing", "contributions.strategy(Named.class).gate(Twin.class);")
                .source("p.changing.Named", named("1"))
                .source("p.changing.Twin", twin("1"));
        var two = PluginJars.plugin("changing", "contributions.strategy(Named.class).gate(Twin.class);")
                .source("p.changing.Named", named("2"))
                .source("p.changing.Twin", twin("2"));
        var first = one.write(jars.resolve("one.jar"));
        var second = two.write(jars.resolve("two.jar"));
        for (int i = 0; i < 10; i++) {
            PluginJars.strategy("steady" + i, "\"steady" + i + "\"").write(plugins.resolve("steady" + i + ".jar"));
        }
        drop(first, "changing.jar");
        var host = host();
        var passes = new LongAdder();
        var mixed = new AtomicInteger();
        Map<ResourceRef, Integer> lastSeen = new ConcurrentHashMap<>();
        var swapped = new AtomicInteger();
        var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        var loop = new Loop(
                queue,
                ref -> {
                    int atLeast = swapped.get();
                    try (var pass = host.enter()) {
                        var features = pass.platform();
                        var name = features.strategies().keySet().stream()
                                .filter(strategy -> strategy.startsWith("v"))
                                .findFirst()
                                .orElseThrow();
                        var said = features.strategies().get(name).name()
                                + features.gates()
                                        .getFirst()
                                        .check(null, null)
                                        .orElseThrow()
                                        .reason();
                        if (!said.equals(name + name) || features.strategies().size() != 11) {
                            mixed.incrementAndGet();
                        }
                    }
                    lastSeen.put(ref, atLeast);
                    passes.increment();
                    return Requeue.after(Duration.ofMillis(5));
                },
                Duration.ofSeconds(60),
                Duration.ofSeconds(5));
        try (loop) {
            loop.start(4);
            for (int i = 0; i < RESOURCES; i++) {
                queue.enqueue(new ResourceRef("FlinkDeployment", "n" + i % 10, "job" + i), Priority.EVENT);
            }
            List<Long> took = new ArrayList<>();
            long metaspaceAfterWarmUp = 0;
            long heapAfterWarmUp = 0;
            int threadsAfterWarmUp = 0;
            for (int i = 1; i <= swaps; i++) {
                drop(i % 2 == 1 ? second : first, "changing.jar");
                long began = System.nanoTime();
                assertThat(change(host)).isTrue();
                took.add((System.nanoTime() - began) / 1000);
                assertThat(strategies(host)).contains(i % 2 == 1 ? "v2" : "v1");
                swapped.set(i);
                if (i == swaps / 5) {
                    collect(host, i);
                    metaspaceAfterWarmUp = metaspace();
                    heapAfterWarmUp = heap();
                    threadsAfterWarmUp = Thread.activeCount();
                }
            }
            await().until(() ->
                    lastSeen.size() == RESOURCES && lastSeen.values().stream().allMatch(seen -> seen == swaps));
            assertThat(loop.counts().failed()).isZero();
            collect(host, swaps);
            long metaspace = metaspace();
            long heap = heap();
            took.sort(null);
            LOG.info(
                    "{} swaps, {} passes over {} resources beside them; a swap took p50 {} us, p99 {} us, max {} us; metaspace {} -> {} KiB; heap {} -> {} KiB; threads {} -> {}",
                    swaps,
                    passes.sum(),
                    RESOURCES,
                    took.get(swaps / 2),
                    took.get(swaps * 99 / 100),
                    took.getLast(),
                    metaspaceAfterWarmUp >> 10,
                    metaspace >> 10,
                    heapAfterWarmUp >> 10,
                    heap >> 10,
                    threadsAfterWarmUp,
                    Thread.activeCount());
            assertThat(mixed).as("passes with half of each").hasValue(0);
            assertThat(passes.sum()).isGreaterThan(swaps);
            assertThat(metaspace).as("metaspace").isLessThan(metaspaceAfterWarmUp + (1 << 20));
            assertThat(heap).as("heap").isLessThan(heapAfterWarmUp + (4 << 20));
            assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threadsAfterWarmUp + 1);
        }
        host.close();
    }

    private static void collect(PluginHost host, long retired) {
        await().atMost(Duration.ofSeconds(60)).until(() -> host.retired().retired() == retired);
        awaitCollected(host);
    }

    private static long metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> usage(pool))
                .sum();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long usage(MemoryPoolMXBean pool) {
        return pool.getUsage().getUsed();
    }

    private static String named(String version) {
        return """
                public final class Named implements io.drey.spi.UpgradeStrategy {
                    public String name() { return "v%s"; }
                    public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { throw new AssertionError(); }
                }
                """.formatted(version);
    }

    private static String twin(String version) {
        return """
                public final class Twin implements io.drey.spi.Gate {
                    public java.util.Optional<Hold> check(io.drey.spi.plan.Proposal.Start start, io.drey.spi.Situation situation) {
                        return java.util.Optional.of(new Hold("v%s", java.time.Duration.ZERO));
                    }
                }
                """.formatted(version);
    }
}
