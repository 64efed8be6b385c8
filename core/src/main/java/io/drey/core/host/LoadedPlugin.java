package io.drey.core.host;

import com.google.inject.Injector;

/** A plugin that was loaded: its classes, and its contributions in an injector of its own. */
record LoadedPlugin(PluginJar jar, PluginLoader loader, Injector injector) {
    String id() {
        return jar.id();
    }
}
