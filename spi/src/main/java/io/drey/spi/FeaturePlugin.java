package io.drey.spi;

import com.google.inject.Module;
import io.drey.spi.plugin.PluginContext;

/**
 * A plugin's entry, named by {@code META-INF/services/io.drey.spi.FeaturePlugin}. It has a public constructor without
 * arguments, and lists what the plugin contributes.
 *
 * <p>Lifecycle: called once per load, on a thread of the host, before it is known whether the plugin will be used. Neither
 * this class nor any constructor that Guice calls may have effects that somebody would notice: no threads, no
 * connections, nothing written. Whatever needs a thread starts it with the first call, and implements {@link
 * AutoCloseable}: what Guice made for the plugin is closed, last made first, when the plugin is unloaded, after the last
 * call into it. A plugin leaves nothing behind: no threads, no hooks, no thread locals.
 *
 * <p>Failure: an exception refuses the plugin, and its message is shown to whoever installed it. For configuration that
 * cannot be used throw {@link IllegalArgumentException} with all that is wrong: field, what was found, what is allowed.
 */
public interface FeaturePlugin {
    /** A Guice module that lists contributions, see {@link io.drey.spi.plugin.Contributions}. */
    Module module(PluginContext context);
}
