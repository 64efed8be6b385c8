package io.drey.core.host;

/**
 * A call into a plugin failed. Holds text only: an exception object of the plugin would keep its classes in memory.
 */
public final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String pluginId;
    private final String point;

    /**
     * A failure.
     *
     * @param pluginId of the plugin
     * @param point extension point and method, as {@code Gate.check}
     * @param what went wrong, for people
     */
    public PluginFailure(String pluginId, String point, String what) {
        super("plugin " + pluginId + " failed in " + point + ": " + what, null, false, false);
        this.pluginId = pluginId;
        this.point = point;
    }

    /** The plugin. */
    public String pluginId() {
        return pluginId;
    }

    /** What was called: {@code Proposer.propose}. */
    public String point() {
        return point;
    }
}
