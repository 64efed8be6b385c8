package io.drey.spi.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;

/** What a plugin is given when it is loaded. */
public interface PluginContext {
    /** The plugin's id. */
    String pluginId();

    /** The plugin's version. */
    String version();

    /** The section {@code plugins.<id>} of the operator's configuration; an empty object when there is none. */
    JsonNode configuration();

    /** The plugin's own mapper: sharing one between plugins would keep unloaded ones in memory. */
    ObjectMapper mapper();

    /** The time. */
    Clock clock();
}
