package io.drey.spi.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.Optional;

/** What a plugin is given when it is loaded. */
public interface PluginContext {
    /** The plugin's id. */
    String pluginId();

    /** The plugin's version. */
    String version();

    /** The section {@code plugins.<id>} of the operator's configuration; an empty object when there is none. */
    JsonNode configuration();

    /**
     * The text of a file in the operator's folder of configuration, as it was when the plugin was loaded; empty when there
     * is none. To be asked for while the plugin is loaded, in {@link io.drey.spi.FeaturePlugin#module} or a constructor: when the
     * file changes, those plugins that asked for it are loaded anew.
     *
     * @param name of the file, without a folder, for example {@code log4j-console.properties}
     * @throws IllegalArgumentException when it is larger than 1 MiB or cannot be read, or when it is the operator's own
     *     configuration
     * @throws IllegalStateException when it is asked for later
     */
    default Optional<String> configurationFile(String name) {
        return Optional.empty();
    }

    /** The plugin's own mapper: sharing one between plugins would keep unloaded ones in memory. */
    ObjectMapper mapper();

    /** The time. */
    Clock clock();
}
