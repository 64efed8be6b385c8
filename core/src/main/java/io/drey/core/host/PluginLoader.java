package io.drey.core.host;

import java.net.URL;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pf4j.ClassLoadingStrategy;
import org.pf4j.PluginClassLoader;

/**
 * The class loader of one plugin: what the host shares comes from the host, exported packages from the plugins that
 * export them, all else from the plugin's own jar.
 */
final class PluginLoader extends PluginClassLoader {
    private final PluginJar jar;
    private final List<LoadedPlugin> dependencies;

    PluginLoader(PluginJar jar, List<LoadedPlugin> dependencies, SharedClasses shared) {
        super(null, jar.descriptor(), shared, ClassLoadingStrategy.DPA);
        this.jar = jar;
        this.dependencies = List.copyOf(dependencies);
        addFile(jar.cached().toFile());
        for (Path library : jar.libraries()) {
            addFile(library.toFile());
        }
    }

    @Override
    protected boolean shouldDelegateToParent(String className) {
        return SharedClasses.shares(className);
    }

    @Override
    protected @Nullable Class<?> loadClassFromDependencies(String className) {
        int dot = className.lastIndexOf('.');
        var packageName = dot < 0 ? "" : className.substring(0, dot);
        for (var dependency : dependencies) {
            if (dependency.jar().exports().contains(packageName)) {
                try {
                    return dependency.loader().loadClass(className);
                } catch (ClassNotFoundException e) {
                    return null;
                }
            }
        }
        return null;
    }

    @Override
    protected @Nullable URL findResourceFromDependencies(String name) {
        return null;
    }

    @Override
    protected Collection<URL> findResourcesFromDependencies(String name) {
        return List.of();
    }
}
