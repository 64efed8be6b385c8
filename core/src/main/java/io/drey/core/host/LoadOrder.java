package io.drey.core.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pf4j.DefaultVersionManager;
import org.pf4j.PluginDependency;

/** The order in which plugins are loaded: each after those that it needs. Or why there is none. */
final class LoadOrder {
    private final Map<String, PluginJar> jars;
    private final List<PluginProblem> problems;
    private final Set<String> refused;
    private final Map<String, PluginJar> ordered = new LinkedHashMap<>();
    private final Set<String> path = new LinkedHashSet<>();

    private LoadOrder(Map<String, PluginJar> jars, Set<String> refused, List<PluginProblem> problems) {
        this.jars = jars;
        this.refused = new LinkedHashSet<>(refused);
        this.problems = problems;
    }

    /**
     * Those that can be loaded, in order.
     *
     * @param refused ids of plugins that cannot be loaded, which was told already
     * @param problems is added to
     */
    static List<PluginJar> of(Map<String, PluginJar> jars, Set<String> refused, List<PluginProblem> problems) {
        var order = new LoadOrder(jars, refused, problems);
        jars.values().forEach(order::visit);
        return List.copyOf(order.ordered.values());
    }

    /** The release of a version: a snapshot counts as what it is going to be, since ranges take no pre-releases. */
    static String release(String version) {
        return version.replaceFirst("[-+].*", "");
    }

    private boolean visit(PluginJar jar) {
        var id = jar.id();
        if (ordered.containsKey(id) || refused.contains(id)) {
            return ordered.containsKey(id);
        }
        if (!path.add(id)) {
            circle(id);
            return false;
        }
        boolean fits = true;
        for (var dependency : jar.descriptor().getDependencies()) {
            fits &= fits(jar, dependency);
        }
        path.remove(id);
        if (fits && !refused.contains(id)) {
            ordered.put(id, jar);
        } else {
            refused.add(id);
        }
        return fits;
    }

    private boolean fits(PluginJar jar, PluginDependency dependency) {
        var where = "plugin " + jar.id();
        var needed = jars.get(dependency.getPluginId());
        if (needed == null) {
            if (!dependency.isOptional()) {
                problems.add(new PluginProblem(
                        where, "it needs plugin " + dependency.getPluginId() + ", which is not there", "Add it"));
            }
            return dependency.isOptional();
        }
        var range = dependency.getPluginVersionSupport();
        try {
            if (!refused.contains(needed.id())
                    && !new DefaultVersionManager().checkVersionConstraint(release(needed.version()), range)) {
                problems.add(new PluginProblem(
                        where,
                        "it needs plugin " + needed.id() + " " + range + ", here is " + needed.version(),
                        "Take versions that fit"));
                return false;
            }
        } catch (RuntimeException e) {
            problems.add(new PluginProblem(
                    where,
                    "its Plugin-Dependencies have '" + range + "' for " + needed.id(),
                    "Write a range, as in " + needed.id() + "@>=1.0.0 & <2.0.0"));
            return false;
        }
        return visit(needed);
    }

    private void circle(String id) {
        List<String> circle = new ArrayList<>(path);
        circle = circle.subList(circle.indexOf(id), circle.size());
        problems.add(new PluginProblem(
                "plugin " + id,
                "it needs itself: " + String.join(" -> ", circle) + " -> " + id,
                "Remove one of these dependencies"));
        refused.addAll(circle);
    }
}
