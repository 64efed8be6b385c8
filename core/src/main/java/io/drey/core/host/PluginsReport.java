package io.drey.core.host;

import io.drey.spi.plugin.Feature;
import java.util.List;
import java.util.Map;

/**
 * The plugins as they are now, for people. No configuration and no secrets.
 *
 * @param generation counts the exchanges since the start
 * @param plugins at work, by id
 * @param refused why the last change is not at work; empty when it is
 * @param loaders what became of the class loaders of unloaded plugins
 */
public record PluginsReport(
        int generation, List<Plugin> plugins, List<PluginProblem> refused, RetiredLoaders.Counts loaders) {
    /**
     * One plugin.
     *
     * @param file that it came from
     * @param state {@code at work}, or why it is not called
     * @param called whether it is
     * @param usedBy the sets of plugins that it is in: the platform's, and those of tenants that have others
     * @param features as users switch them
     * @param contributions how many for each extension point that has any
     */
    public record Plugin(
            String id,
            String version,
            String sha256,
            String file,
            String state,
            boolean called,
            List<String> usedBy,
            List<Feature> features,
            Map<String, Integer> contributions,
            Calls calls) {}

    /**
     * Calls into a plugin since it was loaded.
     *
     * @param total that were let through
     * @param failed of them, by an exception or error
     * @param late of them, that were interrupted
     * @param stuck of them, that have not returned
     * @param refused that were not let through
     * @param quarantined resources for which none is let through now
     * @param totalMicros time of all that ended
     * @param averageMicros time of one
     * @param longestMicros time of the longest
     */
    public record Calls(
            long total,
            long failed,
            long late,
            long stuck,
            long refused,
            long quarantined,
            long totalMicros,
            long averageMicros,
            long longestMicros) {}

    static Plugin of(LoadedPlugin plugin, List<String> usedBy) {
        var counts = plugin.calls().counts();
        return new Plugin(
                plugin.id(),
                plugin.jar().version(),
                plugin.jar().sha256(),
                plugin.jar().source().toString(),
                counts.open().isEmpty() ? "at work" : "not called: it " + counts.open(),
                counts.open().isEmpty(),
                usedBy,
                plugin.contributed().features(),
                plugin.contributed().counts(),
                new Calls(
                        counts.calls(),
                        counts.failed(),
                        counts.late(),
                        counts.stuck(),
                        counts.refused(),
                        counts.quarantined(),
                        counts.time() / 1000,
                        counts.time() / 1000 / Math.max(1, counts.calls()),
                        counts.longest() / 1000));
    }
}
