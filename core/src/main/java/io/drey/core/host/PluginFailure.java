package io.drey.core.host;

/**
 * A call into a plugin failed. Holds text only: an exception object of the plugin would keep its classes in memory.
 */
public final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String pluginId;

    PluginFailure(String pluginId, String point, String what) {
        super("plugin " + pluginId + " failed in " + point + ": " + what, null, false, false);
        this.pluginId = pluginId;
    }

    /** The plugin. */
    public String pluginId() {
        return pluginId;
    }
}
