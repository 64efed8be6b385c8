package io.drey.core.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.config.ConfigurationFolder;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
import io.drey.core.generation.InForce;
import io.drey.core.integrity.Integrity;
import io.drey.core.port.Kinds;
import io.drey.spi.FeaturePolicy.Policy;
import io.drey.spi.FeaturePolicy.Subject;
import io.drey.spi.ResourceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, checks and loads plugins, and holds the generation that passes enter. A change of plugins is a new generation,
 * built beside the one at work: only what changed is loaded anew. Everything that is wrong with it is found before it is
 * used, and told at once; then the one at work goes on. Thread-safe.
 */
public final class PluginHost implements Generations, Kinds, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private final JarStore store;
    private final String systemVersion;
    private final Janitor janitor = new Janitor();
    private final LinkCheck links = new LinkCheck(PluginHost.class.getClassLoader());
    private final PluginLoading loading;
    private final AtomicReference<Generation> current = new AtomicReference<>();
    private final List<Generation> live = new ArrayList<>();
    private final ExecutorService closing = Executors.newSingleThreadExecutor(runnable -> Thread.ofPlatform()
            .name("drey-plugins")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(runnable));
    private volatile Optional<Transition> transition = Optional.empty();
    private volatile List<PluginProblem> refused = List.of();
    private volatile List<Path> directories = List.of();
    private volatile ConfigurationFolder folder = ConfigurationFolder.NONE;

    /**
     * @param stores where each process has a folder of its own for copies of jars
     * @param systemVersion that plugins' {@code Plugin-Requires} is checked against
     * @param watch that all calls into plugins are under
     */
    public PluginHost(Path stores, String systemVersion, Clock clock, CallWatch watch) {
        this.store = new JarStore(stores);
        this.systemVersion = LoadOrder.release(systemVersion);
        this.loading = new PluginLoading(clock, watch, janitor);
    }

    /**
     * Where plugins are, and what is said about them.
     *
     * @param directories with jars, or jars; one that does not exist has none
     * @param configuration sections by plugin id
     * @param required ids of plugins that must be there
     * @param integrity which jars may be loaded
     * @param folder that plugins may ask for files of
     */
    public record Offer(
            List<Path> directories,
            Map<String, JsonNode> configuration,
            Set<String> required,
            Integrity integrity,
            ConfigurationFolder folder) {
        public Offer {
            directories = List.copyOf(directories);
            configuration = Map.copyOf(configuration);
            required = Set.copyOf(required);
        }

        /** Any jar may be loaded, and there are no files to ask for. */
        public Offer(List<Path> directories, Map<String, JsonNode> configuration, Set<String> required) {
            this(directories, configuration, required, Integrity.OFF, ConfigurationFolder.NONE);
        }
    }

    /** A plugin that is loaded, for people. */
    public record Installed(String id, String version, String sha256, Path source) {}

    /**
     * Loads the plugins that the process starts with.
     *
     * @throws PluginProblems with everything that is wrong
     */
    public List<Installed> load(Offer offer) {
        store.open();
        change(offer);
        return installed();
    }

    /** Whom to ask before, and to tell after, an exchange of plugins. */
    public void onChange(Transition told) {
        transition = Optional.of(told);
    }

    /**
     * Makes what is offered the current generation. Does nothing when that is what is at work.
     *
     * @return whether anything changed
     * @throws PluginProblems with everything that is wrong; what is at work stays
     */
    public synchronized boolean change(Offer offer) {
        directories = offer.directories();
        folder = offer.folder();
        List<PluginProblem> problems = new ArrayList<>();
        var inventory = Inventory.read(store, offer.directories(), offer.integrity(), systemVersion, problems);
        inventory.missing(offer.configuration(), offer.required(), problems);
        var before = Optional.ofNullable(current.get());
        var build = new SetsBuild(
                inventory,
                offer.configuration(),
                offer.folder(),
                links,
                loading,
                before.map(Generation::plugins).orElse(List.of()),
                problems);
        var sets = build.build();
        var loaded = build.loaded();
        if (problems.isEmpty()
                && before.isPresent()
                && loaded.equals(before.get().plugins())) {
            refused = List.of();
            return false;
        }
        var next = new Generation(before.map(Generation::number).orElse(0) + 1, loaded, sets, this::drained);
        live(next);
        if (problems.isEmpty()) {
            problems.addAll(checked(next, before));
        }
        refused = List.copyOf(problems);
        if (!problems.isEmpty()) {
            next.leave();
            throw new PluginProblems(problems);
        }
        current.set(next);
        LOG.info("features: {}", String.join(", ", build.featureNames()));
        transition.ifPresent(told -> told.swapped(next.features()));
        next.plugins().stream()
                .filter(plugin -> before.isEmpty() || !before.get().plugins().contains(plugin))
                .forEach(plugin -> later(() -> warnings(plugin).forEach(LOG::info)));
        before.ifPresent(Generation::leave);
        return true;
    }

    private List<PluginProblem> checked(Generation next, Optional<Generation> before) {
        if (transition.isEmpty() || before.isEmpty() || !next.tryEnter()) {
            return List.of();
        }
        try (var entered = next.entered();
                var now = enter()) {
            return transition.get().prepare(entered, now);
        } catch (RuntimeException e) {
            LOG.error("the next generation of plugins could not be checked, which is a bug", e);
            return List.of(new PluginProblem("plugins", "they could not be checked: " + e, "Report this"));
        }
    }

    private void live(Generation next) {
        next.plugins().forEach(LoadedPlugin::hold);
        synchronized (live) {
            live.add(next);
        }
    }

    /** Called by whoever leaves a generation last; the work is done by a thread of the host. */
    private void drained(Generation generation) {
        later(() -> retire(generation));
    }

    private void later(Runnable work) {
        try {
            closing.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("the process ends, and what was to be done with it");
        }
    }

    private void retire(Generation generation) {
        List<FeatureSet> left;
        synchronized (live) {
            live.remove(generation);
            left = live.stream().map(Generation::features).toList();
        }
        transition.ifPresent(told -> told.retired(left));
        for (var plugin : generation.plugins().reversed()) {
            if (plugin.release()) {
                LOG.info("plugin {} {} is unloaded", plugin.id(), plugin.jar().version());
                janitor.close(plugin.id(), plugin.loader(), plugin.closeables());
                removeCopy(plugin.jar());
            }
        }
    }

    /** Not while a change is made: it may be about to load this very copy again. */
    private synchronized void removeCopy(PluginJar jar) {
        synchronized (live) {
            if (live.stream()
                    .flatMap(generation -> generation.plugins().stream())
                    .anyMatch(plugin -> plugin.jar().sha256().equals(jar.sha256()))) {
                return;
            }
        }
        store.remove(jar);
    }

    /**
     * The jars of these directories, but those of plugins that these jars would replace.
     *
     * @param jars of plugins; one that does not say its id replaces nothing
     */
    public static List<Path> without(List<Path> directories, List<Path> jars) {
        var replaced =
                jars.stream().map(JarStore::idOf).flatMap(Optional::stream).toList();
        return directories.stream()
                .flatMap(directory -> JarStore.jarsIn(directory).stream())
                .filter(jar -> JarStore.idOf(jar).filter(replaced::contains).isEmpty())
                .toList();
    }

    /** Whether a thread was started by a plugin, and is none of the operator's. */
    public static boolean startedByPlugin(Thread thread) {
        return thread.getContextClassLoader() instanceof PluginLoader;
    }

    /** Where plugins were looked for last. */
    List<Path> directories() {
        return directories;
    }

    /** Where the files may be that the plugins at work asked for. */
    public List<Path> files() {
        return Stream.ofNullable(current.get())
                .flatMap(generation -> generation.plugins().stream())
                .flatMap(plugin -> plugin.files().stream())
                .distinct()
                .sorted()
                .flatMap(folder::paths)
                .toList();
    }

    /** What is at work. */
    public List<Installed> installed() {
        return current().plugins().stream()
                .map(plugin -> new Installed(
                        plugin.id(),
                        plugin.jar().version(),
                        plugin.jar().sha256(),
                        plugin.jar().source()))
                .toList();
    }

    /**
     * The plugins at work, for people.
     *
     * @param why the last change is not at work; empty when it is
     */
    public PluginsReport report(List<PluginProblem> why) {
        var generation = current();
        return new PluginsReport(
                generation.number(),
                generation.plugins().stream()
                        .map(plugin -> PluginsReport.of(plugin, generation.usersOf(plugin)))
                        .sorted(Comparator.comparing(PluginsReport.Plugin::id)
                                .thenComparing(PluginsReport.Plugin::version))
                        .toList(),
                why,
                retired());
    }

    /** What a plugin at work is let do, though it cannot be undone. Takes seconds when its libraries are large. */
    public List<String> warnings(String id) {
        return current().plugins().stream()
                .filter(plugin -> plugin.id().equals(id))
                .flatMap(plugin -> warnings(plugin).stream())
                .toList();
    }

    private static List<String> warnings(LoadedPlugin plugin) {
        try {
            return LinkCheck.warnings(plugin.jar());
        } catch (IOException e) {
            LOG.debug("the libraries of plugin {} were not looked through", plugin.id(), e);
            return List.of();
        }
    }

    /** Why what was offered last is not at work; empty when it is. */
    public List<PluginProblem> refused() {
        return refused;
    }

    /** Unloaded plugins, and whether their class loaders were collected. */
    public RetiredLoaders.Counts retired() {
        return janitor.retired().look();
    }

    /** The feature set of the current generation. */
    public FeatureSet features() {
        return current().features();
    }

    /** What is in force for a resource now, for people. */
    public InForce inForce(Subject subject) {
        return current().inForce(subject);
    }

    /** The features of the plugins that this policy gives a resource, by name: each on or off, and who said so. */
    public List<FeatureState> features(Policy policy) {
        return current().featureStates(policy);
    }

    @Override
    public @Nullable ResourceKind<?> get(String kind) {
        return current().features().kinds().get(kind);
    }

    private Generation current() {
        var generation = current.get();
        if (generation == null) {
            throw new IllegalStateException("no plugins are loaded yet");
        }
        return generation;
    }

    @Override
    public Entered enter() {
        while (true) {
            var generation = current();
            if (generation.tryEnter()) {
                return generation.entered();
            }
        }
    }

    /** Closes the plugins, once no pass is in flight. */
    @Override
    public void close() {
        Stream.ofNullable(current.getAndSet(null)).forEach(Generation::leave);
        closing.close();
    }
}
