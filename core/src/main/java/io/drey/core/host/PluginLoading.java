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
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.PluginContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
     * @param there those of the current generation, by key
     * @param problems is added to; with any, what was loaded anew is closed and must not be used
     */
    List<LoadedPlugin> load(
            List<PluginJar> jars,
            Map<String, JsonNode> configuration,
            Function<String, Optional<LoadedPlugin>> there,
            List<PluginProblem> problems) {
        Map<String, LoadedPlugin> loaded = new LinkedHashMap<>();
        for (var jar : jars) {
            var dependencies = dependencies(jar, loaded);
            if (dependencies.isPresent()) {
                var section = configuration.getOrDefault(jar.id(), JsonNodeFactory.instance.objectNode());
                var key = key(jar, dependencies.get(), section);
                there.apply(key)
                        .or(() -> loadOne(key, jar, dependencies.get(), section, problems))
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

    private Optional<LoadedPlugin> loadOne(
            String key,
            PluginJar jar,
            List<LoadedPlugin> dependencies,
            JsonNode section,
            List<PluginProblem> problems) {
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
            var context = new Context(jar.id(), jar.version(), section, mapper(), clock);
            var injector = Guice.createInjector(
                    Stage.PRODUCTION,
                    collecting(closeables),
                    Assembly.hostModule(context, clock),
                    entry.module(context),
                    new ExportedServices(dependencies));
            var calls = new PluginCalls(jar.id(), loader, watch);
            return Optional.of(new LoadedPlugin(
                    key, jar, loader, injector, calls, Contributed.of(jar.id(), injector, calls), closeables));
        } catch (CreationException e) {
            e.getErrorMessages().forEach(message -> problems.add(Diagnosis.of(jar, message)));
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

    private record Context(String pluginId, String version, JsonNode configuration, ObjectMapper mapper, Clock clock)
            implements PluginContext {}
}
