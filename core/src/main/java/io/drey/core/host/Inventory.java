package io.drey.core.host;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pf4j.DefaultVersionManager;

/**
 * The plugin jars that were found, each judged by itself. Nothing of them has run.
 *
 * @param jars by plugin id
 * @param malformed ids of those that cannot be loaded
 */
record Inventory(Map<String, PluginJar> jars, Set<String> malformed) {
    private static final String ID = "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*";
    private static final String VERSION = "\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]+)?";

    /**
     * Reads the jars of these directories into the store.
     *
     * @param systemVersion that plugins' {@code Plugin-Requires} is checked against
     * @param problems is added to
     */
    static Inventory read(JarStore store, List<Path> directories, String systemVersion, List<PluginProblem> problems) {
        Map<String, PluginJar> jars = new LinkedHashMap<>();
        Set<String> malformed = new LinkedHashSet<>();
        for (var directory : directories) {
            for (var file : JarStore.jarsIn(directory)) {
                store.read(file, problems).ifPresent(jar -> {
                    if (!wellFormed(jar, systemVersion, problems)) {
                        malformed.add(jar.id());
                    }
                    var twin = jars.putIfAbsent(jar.id(), jar);
                    if (twin != null) {
                        problems.add(new PluginProblem(
                                jar.name(),
                                "plugin " + jar.id() + " is in " + twin.name() + " already",
                                "Remove one of the two"));
                    }
                });
            }
        }
        return new Inventory(jars, malformed);
    }

    private static boolean wellFormed(PluginJar jar, String systemVersion, List<PluginProblem> problems) {
        int before = problems.size();
        if (!jar.id().matches(ID)) {
            problems.add(new PluginProblem(
                    jar.name(), "Plugin-Id is '" + jar.id() + "'", "Write letters, digits, dots and hyphens"));
        }
        if (!jar.version().matches(VERSION)) {
            problems.add(new PluginProblem(
                    jar.name(), "Plugin-Version is '" + jar.version() + "'", "Write three numbers, as in 1.2.3"));
        }
        if (jar.entries().size() != 1) {
            problems.add(new PluginProblem(
                    jar.name(),
                    JarStore.ENTRY + " names " + (jar.entries().isEmpty() ? "no class" : jar.entries()),
                    "It must name exactly one class that implements FeaturePlugin"));
        }
        var requires = jar.descriptor().getRequires();
        try {
            if (requires != null
                    && !requires.isBlank()
                    && !requires.equals("*")
                    && !new DefaultVersionManager().checkVersionConstraint(systemVersion, requires)) {
                problems.add(new PluginProblem(
                        jar.name(),
                        "it requires Drey " + requires + ", this is " + systemVersion,
                        "Take a version of the plugin that was made for this one"));
            }
        } catch (RuntimeException e) {
            problems.add(new PluginProblem(
                    jar.name(), "Plugin-Requires is '" + requires + "'", "Write a range, as in >=0.1.0 & <0.2.0"));
        }
        return problems.size() == before;
    }

    /** Notes configuration for, and demands of, plugins that are not there. */
    void missing(Map<String, JsonNode> configuration, Set<String> required, List<PluginProblem> problems) {
        var present = "Present: " + String.join(", ", jars.keySet()) + ". ";
        configuration.keySet().stream()
                .filter(id -> !jars.containsKey(id))
                .map(id -> new PluginProblem(
                        "configuration",
                        "plugins." + id + " configures a plugin that is not there",
                        present + "Remove the section, or add the plugin"))
                .forEach(problems::add);
        required.stream()
                .filter(id -> !jars.containsKey(id))
                .map(id -> new PluginProblem(
                        "configuration",
                        "drey.plugins.required names " + id + ", which is not there",
                        present + "Add the plugin, or take it from the list"))
                .forEach(problems::add);
    }
}
