package io.drey.core.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.integrity.Integrity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pf4j.DefaultVersionManager;

/**
 * The plugin jars that were found, each judged by itself. Nothing of them has run.
 *
 * @param jars by plugin id, the newest version first
 * @param malformed ids of those that cannot be loaded
 */
record Inventory(Map<String, List<PluginJar>> jars, Set<String> malformed) {
    private static final String ID = "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*";
    private static final String VERSION = "\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]+)?";

    /**
     * Reads the jars of these directories into the store.
     *
     * @param integrity which of them may be loaded
     * @param systemVersion that plugins' {@code Plugin-Requires} is checked against
     * @param problems is added to
     */
    static Inventory read(
            JarStore store,
            List<Path> directories,
            Integrity integrity,
            String systemVersion,
            List<PluginProblem> problems) {
        Map<String, List<PluginJar>> jars = new LinkedHashMap<>();
        Set<String> malformed = new LinkedHashSet<>();
        for (var directory : directories) {
            for (var file : JarStore.jarsIn(directory)) {
                store.read(file, integrity, problems).ifPresent(jar -> {
                    if (!wellFormed(jar, systemVersion, problems)) {
                        malformed.add(jar.id());
                    }
                    add(jar, jars.computeIfAbsent(jar.id(), id -> new ArrayList<>()), problems);
                });
            }
        }
        return new Inventory(jars, malformed);
    }

    private static void add(PluginJar jar, List<PluginJar> versions, List<PluginProblem> problems) {
        for (var twin : versions) {
            if (twin.version().equals(jar.version())) {
                problems.add(new PluginProblem(
                        jar.name(),
                        "plugin " + jar.id() + " " + jar.version() + " is in " + twin.name() + " already",
                        "Remove one of the two"));
                return;
            }
        }
        versions.add(jar);
        versions.sort(
                Comparator.comparing(PluginJar::version, Inventory::compare).reversed());
    }

    private static int compare(String one, String other) {
        try {
            return new DefaultVersionManager().compareVersions(one, other);
        } catch (RuntimeException e) {
            // One of them is malformed, which was told.
            return one.compareTo(other);
        }
    }

    /** The newest version of each. */
    Map<String, PluginJar> newest() {
        Map<String, PluginJar> newest = new LinkedHashMap<>();
        jars.forEach((id, versions) -> newest.put(id, versions.getFirst()));
        return newest;
    }

    /**
     * The newest version of each, but for those that are asked for.
     *
     * @param set who asks, for people
     * @param versions by plugin id
     */
    Map<String, PluginJar> with(String set, Map<String, String> versions, List<PluginProblem> problems) {
        var chosen = newest();
        versions.forEach((id, version) -> {
            var there = jars.getOrDefault(id, List.of());
            there.stream()
                    .filter(jar -> jar.version().equals(version))
                    .findFirst()
                    .ifPresentOrElse(
                            jar -> chosen.put(id, jar),
                            () -> problems.add(new PluginProblem(
                                    set,
                                    "it asks for plugin " + id + " " + version + ", which is not there",
                                    there.isEmpty()
                                            ? "Add it, or ask for another plugin"
                                            : "Present: "
                                                    + there.stream()
                                                            .map(PluginJar::version)
                                                            .collect(Collectors.joining(", ")))));
        });
        return chosen;
    }

    /** Notes jars that no set uses. */
    void idle(Set<PluginJar> used, List<PluginProblem> problems) {
        jars.forEach((id, versions) -> versions.stream()
                .skip(1)
                .filter(jar -> !used.contains(jar))
                .forEach(jar -> problems.add(new PluginProblem(
                        jar.name(),
                        "plugin " + id + " is there as " + versions.getFirst().version() + " too, in "
                                + versions.getFirst().name() + ", and nobody asks for " + jar.version(),
                        "Remove one of the two, or let a tenant ask for it"))));
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
