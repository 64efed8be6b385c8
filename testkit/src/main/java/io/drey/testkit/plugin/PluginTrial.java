package io.drey.testkit.plugin;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.cli.DreyVersion;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.host.PluginProblem;
import io.drey.core.host.PluginProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One life of a packed plugin in the operator's plugin host: it is dropped beside the plugins that it needs, is asked, is
 * used, and is removed.
 *
 * @param problems why it was not loaded; the others are empty then
 * @param contributions what it contributes, sorted
 * @param answers what is wrong with its answers
 * @param left what was left of it when it was unloaded
 */
record PluginTrial(List<String> problems, List<String> contributions, List<String> answers, List<String> left) {
    /**
     * @param deadline of a call
     * @param collected within which its classes must be gone
     */
    record Limits(Duration deadline, Duration collected) {
        /** The deadline is that of {@code drey.plugins.call-deadline}. */
        static final Limits USUAL = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);

    static {
        // As the operator sets it up, before the first class of Guice.
        System.setProperty("guice_bytecode_gen_option", "DISABLED");
        CompletableFuture<Void> timer = new CompletableFuture<Void>().orTimeout(1, TimeUnit.NANOSECONDS);
        timer.exceptionally(late -> null);
    }

    PluginTrial {
        problems = List.copyOf(problems);
        contributions = contributions.stream().sorted().toList();
        answers = List.copyOf(answers);
        left = List.copyOf(left);
    }

    /**
     * Runs it.
     *
     * @param needed jars of the plugins that it needs
     * @param configuration its section of the operator's configuration; null for none
     * @param use what is done with it beside
     * @param folder for files, empty
     */
    static PluginTrial of(
            PackedPlugin plugin,
            Collection<Path> needed,
            @Nullable JsonNode configuration,
            Consumer<FeatureSet> use,
            Limits limits,
            Path folder)
            throws IOException {
        var base = Files.createDirectory(folder.resolve("needed"));
        for (var jar : needed) {
            Files.copy(jar, base.resolve(jar.getFileName()));
        }
        var own = Files.createDirectory(folder.resolve("plugin"));
        Files.copy(plugin.path(), own.resolve(plugin.path().getFileName()));
        var without = new Offer(List.of(base), Map.of(), Set.of());
        var with = new Offer(
                List.of(base, own), configuration == null ? Map.of() : Map.of(plugin.id(), configuration), Set.of());

        List<String> contributions = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        List<String> left = new ArrayList<>();
        try (var log = HostLog.open()) {
            var threads = threads();
            try (var watch = new CallWatch(CallWatch.Limits.within(limits.deadline()));
                    var host =
                            new PluginHost(folder.resolve("store"), DreyVersion.current(), Clock.systemUTC(), watch)) {
                host.load(without);
                var before = host.features();
                host.change(with);
                ask(before, host, contributions, answers);
                log.forget();
                use.accept(host.features());
                host.change(without);
                held(host, limits.collected()).ifPresent(left::add);
            } catch (PluginProblems e) {
                return new PluginTrial(
                        e.problems().stream().map(PluginProblem::toString).toList(), List.of(), List.of(), List.of());
            }
            left.addAll(running(threads));
            left.addAll(log.complaints());
        }
        return new PluginTrial(List.of(), contributions, answers, left);
    }

    /** In a method of its own, so that nothing here holds the plugin afterwards. */
    private static void ask(FeatureSet before, PluginHost host, List<String> contributions, List<String> answers) {
        var own = added(before, host.features());
        contributions.addAll(Exercise.names(own));
        answers.addAll(Exercise.faults(own));
        try (var pass = host.enter()) {
            answers.addAll(Exercise.faults(pass));
        }
    }

    private static FeatureSet added(FeatureSet before, FeatureSet now) {
        return new FeatureSet(
                added(before.kinds(), now.kinds()),
                added(before.factSources(), now.factSources()),
                added(before.admissionRules(), now.admissionRules()),
                added(before.proposers(), now.proposers()),
                added(before.strategies(), now.strategies()),
                added(before.deployers(), now.deployers()),
                added(before.decorators(), now.decorators()),
                added(before.gates(), now.gates()),
                added(before.statusParts(), now.statusParts()),
                added(before.stepHandlers(), now.stepHandlers()),
                added(before.listeners(), now.listeners()));
    }

    private static <T> Map<String, T> added(Map<String, T> before, Map<String, T> now) {
        var added = new HashMap<>(now);
        added.keySet().removeAll(before.keySet());
        return added;
    }

    private static <T> List<T> added(List<T> before, List<T> now) {
        return now.stream().filter(each -> !before.contains(each)).toList();
    }

    private static Optional<String> held(PluginHost host, Duration within) {
        try {
            await().atMost(within).pollInterval(Duration.ofMillis(50)).until(() -> {
                System.gc();
                var counts = host.retired();
                return counts.retired() == 1 && counts.pending() + counts.leaked() == 0;
            });
            return Optional.empty();
        } catch (ConditionTimeoutException e) {
            return Optional.of(
                    "something holds its classes in memory (" + host.retired()
                            + "): a thread local, a hook, a cache of the JDK or of a shared library, or a thread that still runs");
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    /** Threads that were not there before; those that all of the process shares do not count. */
    private static List<String> running(Set<Thread> before) {
        try {
            await().atMost(ENDED_WITHIN).until(() -> names(before).isEmpty());
            return List.of();
        } catch (ConditionTimeoutException e) {
            return names(before).stream()
                    .map(name -> "thread " + name + " still runs. End it in close() of what started it")
                    .toList();
        }
    }

    private static Set<String> names(Set<Thread> before) {
        var now = new HashSet<>(threads());
        now.removeAll(before);
        return now.stream()
                .filter(thread -> thread.getThreadGroup() == null
                        || thread.getThreadGroup().getParent() != null)
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool.commonPool") && !name.startsWith("awaitility"))
                .collect(Collectors.toSet());
    }
}
