package io.drey.core.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Stage;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
import io.drey.core.port.Kinds;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.ResourceKind;
import io.drey.spi.plugin.PluginContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultVersionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, checks and loads plugins, and holds the generation that passes enter. Everything that is wrong with a set of
 * plugins is found before it is used, and told at once.
 */
public final class PluginHost implements Generations, Kinds {
    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);
    private static final String ID = "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*";
    private static final String VERSION = "\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]+)?";

    private final JarStore store;
    private final String systemVersion;
    private final Map<String, JsonNode> configuration;
    private final Clock clock;
    private final SharedClasses shared = new SharedClasses(PluginHost.class.getClassLoader());
    private final AtomicReference<Generation> current = new AtomicReference<>();

    /**
     * @param stores where each process has a folder of its own for copies of jars
     * @param systemVersion that plugins' {@code Plugin-Requires} is checked against
     * @param configuration sections by plugin id
     */
    public PluginHost(Path stores, String systemVersion, Map<String, JsonNode> configuration, Clock clock) {
        this.store = new JarStore(stores);
        this.systemVersion = LoadOrder.release(systemVersion);
        this.configuration = Map.copyOf(configuration);
        this.clock = clock;
    }

    /** A plugin that is loaded, for people. */
    public record Installed(String id, String version, String sha256, Path source) {}

    /**
     * Loads all plugins of these directories and makes them the current generation.
     *
     * @throws PluginProblems with everything that is wrong
     */
    public List<Installed> load(List<Path> directories) {
        store.open();
        List<PluginProblem> problems = new ArrayList<>();
        Map<String, PluginJar> jars = new LinkedHashMap<>();
        Set<String> malformed = new LinkedHashSet<>();
        for (var directory : directories) {
            for (var file : JarStore.jarsIn(directory)) {
                store.read(file, problems).ifPresent(jar -> {
                    if (!wellFormed(jar, problems)) {
                        malformed.add(jar.id());
                    }
                    var twin = jars.putIfAbsent(jar.id(), jar);
                    if (twin != null) {
                        problems.add(new PluginProblem(
                                jar.name(),
                                "plugin " + jar.id() + " is in " + twin.name() + " already",
                                "Remove one of the two"));
                    }
                });
            }
        }
        configuration.keySet().stream()
                .filter(id -> !jars.containsKey(id))
                .map(id -> new PluginProblem(
                        "configuration",
                        "plugins." + id + " configures a plugin that is not there",
                        "Present: " + String.join(", ", jars.keySet()) + ". Remove the section, or add the plugin"))
                .forEach(problems::add);
        Map<String, LoadedPlugin> loaded = new LinkedHashMap<>();
        for (var jar : LoadOrder.of(jars, malformed, problems)) {
            loadOne(jar, loaded, problems).ifPresent(plugin -> loaded.put(plugin.id(), plugin));
        }
        var assembly = new Assembly();
        loaded.values().stream()
                .sorted(Comparator.comparing(LoadedPlugin::id))
                .forEach(plugin -> assembly.add(plugin.id(), plugin.injector(), plugin.loader()));
        problems.addAll(assembly.problems());
        if (!problems.isEmpty()) {
            loaded.values().forEach(plugin -> close(plugin.loader()));
            throw new PluginProblems(problems);
        }
        var generation = new Generation(1, List.copyOf(loaded.values()), assembly.build());
        var before = current.getAndSet(generation);
        if (before != null) {
            before.leave();
        }
        LOG.info("features: {}", String.join(", ", assembly.featureNames()));
        return loaded.values().stream()
                .map(plugin -> new Installed(
                        plugin.id(),
                        plugin.jar().version(),
                        plugin.jar().sha256(),
                        plugin.jar().source()))
                .toList();
    }

    private boolean wellFormed(PluginJar jar, List<PluginProblem> problems) {
        int before = problems.size();
        if (!jar.id().matches(ID)) {
            problems.add(new PluginProblem(
                    jar.name(), "Plugin-Id is '" + jar.id() + "'", "Write letters, digits, dots and hyphens"));
        }
        if (!jar.version().matches(VERSION)) {
            problems.add(new PluginProblem(
                    jar.name(), "Plugin-Version is '" + jar.version() + "'", "Write three numbers, as in 1.2.3"));
        }
        if (jar.entries().size() != 1) {
            problems.add(new PluginProblem(
                    jar.name(),
                    JarStore.ENTRY + " names " + (jar.entries().isEmpty() ? "no class" : jar.entries()),
                    "It must name exactly one class that implements FeaturePlugin"));
        }
        var requires = jar.descriptor().getRequires();
        try {
            if (requires != null
                    && !requires.isBlank()
                    && !requires.equals("*")
                    && !new DefaultVersionManager().checkVersionConstraint(systemVersion, requires)) {
                problems.add(new PluginProblem(
                        jar.name(),
                        "it requires Drey " + requires + ", this is " + systemVersion,
                        "Take a version of the plugin that was made for this one"));
            }
        } catch (RuntimeException e) {
            problems.add(new PluginProblem(
                    jar.name(), "Plugin-Requires is '" + requires + "'", "Write a range, as in >=0.1.0 & <0.2.0"));
        }
        return problems.size() == before;
    }

    private Optional<LoadedPlugin> loadOne(
            PluginJar jar, Map<String, LoadedPlugin> loaded, List<PluginProblem> problems) {
        List<LoadedPlugin> dependencies = new ArrayList<>();
        for (var dependency : jar.descriptor().getDependencies()) {
            var there = loaded.get(dependency.getPluginId());
            if (there != null) {
                dependencies.add(there);
            } else if (!dependency.isOptional()) {
                // It did not load, which was told already.
                return Optional.empty();
            }
        }
        var loader = new PluginLoader(jar, dependencies, shared);
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            var entry = loader.loadClass(jar.entry())
                    .asSubclass(FeaturePlugin.class)
                    .getConstructor()
                    .newInstance();
            var context = new Context(
                    jar.id(),
                    jar.version(),
                    configuration.getOrDefault(jar.id(), JsonNodeFactory.instance.objectNode()),
                    mapper(),
                    clock);
            var injector = Guice.createInjector(
                    Stage.PRODUCTION,
                    Assembly.hostModule(context, clock),
                    entry.module(context),
                    new ExportedServices(dependencies));
            return Optional.of(new LoadedPlugin(jar, loader, injector));
        } catch (CreationException e) {
            e.getErrorMessages().forEach(message -> problems.add(Diagnosis.of(jar, message)));
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError error && !(e instanceof StackOverflowError)) {
                throw error;
            }
            problems.add(Diagnosis.of(jar, e));
        } finally {
            thread.setContextClassLoader(before);
        }
        close(loader);
        return Optional.empty();
    }

    /** One for each plugin, with a cache of its own: types in a shared one would keep unloaded plugins in memory. */
    private static ObjectMapper mapper() {
        return new ObjectMapper()
                .setTypeFactory(TypeFactory.defaultInstance().withCache(new LRUMap<>(16, 200)))
                .registerModules(new Jdk8Module(), new JavaTimeModule());
    }

    private static void close(PluginLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            LOG.debug("a plugin's jar was not closed", e);
        }
    }

    /** The feature set of the current generation, for what is wired once per process. */
    public FeatureSet features() {
        return current().features();
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

    private record Context(String pluginId, String version, JsonNode configuration, ObjectMapper mapper, Clock clock)
            implements PluginContext {}
}
