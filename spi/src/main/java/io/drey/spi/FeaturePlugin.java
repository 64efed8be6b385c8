package io.drey.spi;

import com.google.inject.Module;
import io.drey.spi.plugin.PluginContext;

/**
 * A plugin's entry, named by {@code META-INF/services/io.drey.spi.FeaturePlugin}. It has a public constructor without
 * arguments, and lists what the plugin contributes.
 *
 * <p>Called once per load, on a host thread, before it is known whether the plugin will be used: neither this class nor
 * any constructor that Guice calls may have effects (no threads, no files, no connections).
 */
public interface FeaturePlugin {
    /** A Guice module that lists contributions, see {@link io.drey.spi.plugin.Contributions}. */
    Module module(PluginContext context);
}
