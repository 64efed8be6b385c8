package io.drey.core.host;

import com.google.inject.Injector;
import java.util.List;
import java.util.Set;

/**
 * A plugin that was loaded: its classes, its injector, its contributions. The same object goes from generation to
 * generation as long as its key stays the same; it is closed when no generation holds it any more.
 */
final class LoadedPlugin {
    private final String key;
    private final Set<String> files;
    private final PluginJar jar;
    private final PluginLoader loader;
    private final Injector injector;
    private final PluginCalls calls;
    private final Contributed contributed;
    private final List<AutoCloseable> closeables;
    private int holders;

    /**
     * @param key what it was made of: the jar, its dependencies, its configuration and the files that it asked for
     * @param files their names
     * @param closeables what its injector made, in order
     */
    LoadedPlugin(
            String key,
            Set<String> files,
            PluginJar jar,
            PluginLoader loader,
            Injector injector,
            PluginCalls calls,
            Contributed contributed,
            List<AutoCloseable> closeables) {
        this.key = key;
        this.files = Set.copyOf(files);
        this.jar = jar;
        this.loader = loader;
        this.injector = injector;
        this.calls = calls;
        this.contributed = contributed;
        this.closeables = List.copyOf(closeables);
    }

    String id() {
        return jar.id();
    }

    String key() {
        return key;
    }

    Set<String> files() {
        return files;
    }

    PluginJar jar() {
        return jar;
    }

    PluginLoader loader() {
        return loader;
    }

    Injector injector() {
        return injector;
    }

    PluginCalls calls() {
        return calls;
    }

    Contributed contributed() {
        return contributed;
    }

    List<AutoCloseable> closeables() {
        return closeables;
    }

    /** One generation more holds it. */
    synchronized void hold() {
        holders++;
    }

    /** One generation less. Returns whether none is left. */
    synchronized boolean release() {
        holders--;
        return holders <= 0;
    }
}
