package io.drey.core.generation;

/** A contribution that knows its plugin. All that a plugin host hands out are. */
public interface Contribution {
    /** The id of the plugin that contributes it. */
    String pluginId();

    /** The id of the plugin of a contribution; the name of its class where no host loaded it. */
    static String pluginOf(Object contribution) {
        return contribution instanceof Contribution known
                ? known.pluginId()
                : contribution.getClass().getSimpleName();
    }
}
