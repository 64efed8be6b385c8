package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.plugin.PluginContext;
import java.time.Clock;

/** What the plugin is given. */
record TestContext(JsonNode configuration, ObjectMapper mapper, Clock clock) implements PluginContext {
    @Override
    public String pluginId() {
        return "listeners";
    }

    @Override
    public String version() {
        return "0.1.0";
    }
}
