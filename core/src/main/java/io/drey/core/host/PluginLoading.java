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
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.matcher.Matchers;
import com.google.inject.spi.ProvisionListener;
import io.drey.core.config.ConfigurationFolder;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.PluginContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads plugins: classes, injector, contributions. A plugin that is loaded already, from the same things, is taken as it is. */
final class PluginLoading {
    private final SharedClasses shared = new SharedClasses(PluginLoading.class.getClassLoader());
    private final Clock clock;
    private final CallWatch watch;
    private final Janitor janitor;

    PluginLoading(Clock clock, CallWatch watch, Janitor janitor) {
        this.clock = clock;
        this.watch = watch;
        this.janitor = janitor;
    }

    /**
     * Loads plugins in this order, each after those that it needs.
     *
     * @param folder that plugins may ask for files of
     * @param there those that are loaded already
     * @param problems is added to; with any, what was loaded anew is closed and must not be used
     */
    List<LoadedPlugin> load(
            List<PluginJar> jars,
            Map<String, JsonNode> configuration,
            ConfigurationFolder folder,
            Collection<LoadedPlugin> there,
            List<PluginProblem> problems) {
        Map<String, LoadedPlugin> loaded = new LinkedHashMap<>();
        for (var jar : jars) {
            var dependencies = dependencies(jar, loaded);
            if (dependencies.isPresent()) {
                var section = configuration.getOrDefault(jar.id(), JsonNodeFactory.instance.objectNode());
                var key = key(jar, dependencies.get(), section);
                there.stream()
                        .filter(plugin ->
                                plugin.key().startsWith(key) && plugin.key().equals(now(key, plugin, folder)))
                        .findFirst()
                        .or(() -> loadOne(key, jar, dependencies.get(), section, folder, problems))
                        .ifPresent(plugin -> loaded.put(plugin.id(), plugin));
            }
        }
        return List.copyOf(loaded.values());
    }

    /** Empty when one did not load, which was told already. */
    private static Optional<List<LoadedPlugin>> dependencies(PluginJar jar, Map<String, LoadedPlugin> loaded) {
        List<LoadedPlugin> dependencies = new ArrayList<>();
        for (var dependency : jar.descriptor().getDependencies()) {
            var there = loaded.get(dependency.getPluginId());
            if (there != null) {
                dependencies.add(there);
            } else if (!dependency.isOptional()) {
                return Optional.empty();
            }
        }
        return Optional.of(dependencies);
    }

    private static String key(PluginJar jar, List<LoadedPlugin> dependencies, JsonNode section) {
        return jar.sha256() + dependencies.stream().map(LoadedPlugin::key).toList() + section;
    }

    /** The key that a plugin would have if it was loaded now. */
    private static String now(String key, LoadedPlugin plugin, ConfigurationFolder folder) {
        try {
            return key + AskedFiles.key(folder, plugin.files());
        } catch (IllegalArgumentException e) {
            // It is loaded anew, and that tells what is wrong with the file.
            return "";
        }
    }

    private Optional<LoadedPlugin> loadOne(
            String key,
            PluginJar jar,
            List<LoadedPlugin> dependencies,
            JsonNode section,
            ConfigurationFolder folder,
            List<PluginProblem> problems) {
        var files = new AskedFiles(folder);
        var loader = new PluginLoader(jar, dependencies, shared);
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        List<AutoCloseable> closeables = new ArrayList<>();
        thread.setContextClassLoader(loader);
        try {
            var entry = loader.loadClass(jar.entry())
                    .asSubclass(FeaturePlugin.class)
                    .getConstructor()
                    .newInstance();
            var context = new Context(jar.id(), jar.version(), section, mapper(), clock, files);
            var injector = Guice.createInjector(
                    Stage.PRODUCTION,
                    collecting(closeables),
                    Assembly.hostModule(context, clock),
                    entry.module(context),
                    new ExportedServices(dependencies));
            files.loaded();
            var calls = new PluginCalls(jar.id(), loader, watch);
            return Optional.of(new LoadedPlugin(
                    key + files.key(),
                    files.names(),
                    jar,
                    loader,
                    injector,
                    calls,
                    Contributed.of(jar.id(), injector, calls),
                    closeables));
        } catch (CreationException e) {
            e.getErrorMessages().forEach(message -> problems.add(Diagnosis.of(jar, message)));
        } catch (PluginFailure e) {
            problems.add(new PluginProblem("plugin " + jar.id(), String.valueOf(e.getMessage()), "Mend the plugin"));
        } catch (Throwable e) {
            // After an OutOfMemoryError what the plugin had is garbage.
            if (e instanceof VirtualMachineError error
                    && !(e instanceof StackOverflowError || e instanceof OutOfMemoryError)) {
                throw error;
            }
            problems.add(Diagnosis.of(jar, e));
        } finally {
            thread.setContextClassLoader(before);
        }
        janitor.close(jar.id(), loader, closeables);
        return Optional.empty();
    }

    /** Notes what the plugin's injector makes that has to be closed, also when the injector is never finished. */
    private static Module collecting(List<AutoCloseable> closeables) {
        ProvisionListener notes = new ProvisionListener() {
            @Override
            public <T> void onProvision(ProvisionInvocation<T> provision) {
                if (provision.provision() instanceof AutoCloseable part
                        && closeables.stream().noneMatch(one -> one == part)) {
                    closeables.add(part);
                }
            }
        };
        return binder -> binder.bindListener(Matchers.any(), notes);
    }

    /** One for each plugin, with a cache of its own: types in a shared one would keep unloaded plugins in memory. */
    private static ObjectMapper mapper() {
        return new ObjectMapper()
                .setTypeFactory(TypeFactory.defaultInstance().withCache(new LRUMap<>(16, 200)))
                .registerModules(new Jdk8Module(), new JavaTimeModule());
    }

    private record Context(
            String pluginId, String version, JsonNode configuration, ObjectMapper mapper, Clock clock, AskedFiles files)
            implements PluginContext {
        @Override
        public Optional<String> configurationFile(String name) {
            return files.text(name);
        }
    }
}
