package io.drey.core.host;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pf4j.PluginDependency;

/** The other plugins, as one plugin sees them. To be closed. */
final class Others implements AutoCloseable {
    private final PluginJar plugin;
    private final List<PluginJar> dependencies;
    private final List<PluginJar> all;
    private final Map<String, PluginParts> open = new LinkedHashMap<>();

    /** Another plugin that has a class. */
    record Owner(PluginJar jar, boolean declared, boolean exports) {}

    Others(PluginJar plugin, List<PluginJar> dependencies, List<PluginJar> all) {
        this.plugin = plugin;
        this.dependencies = dependencies;
        this.all = all.stream().filter(jar -> !jar.id().equals(plugin.id())).toList();
    }

    /** Whether the plugin can do without another one that is not there. */
    boolean oneIsOptionalAndAbsent() {
        return plugin.descriptor().getDependencies().stream()
                .filter(PluginDependency::isOptional)
                .anyMatch(dependency ->
                        dependencies.stream().noneMatch(jar -> jar.id().equals(dependency.getPluginId())));
    }

    /** Whether a dependency offers a class to its dependents. */
    boolean exported(String className) throws IOException {
        for (var jar : dependencies) {
            if (exports(jar, className) && parts(jar).has(className)) {
                return true;
            }
        }
        return false;
    }

    /** Whose own class one is; what lies in the libraries of another plugin is nobody else's. */
    Optional<Owner> owner(String className) throws IOException {
        for (var jar : all) {
            if (parts(jar).hasOwn(className)) {
                return Optional.of(new Owner(jar, dependencies.contains(jar), exports(jar, className)));
            }
        }
        return Optional.empty();
    }

    private static boolean exports(PluginJar jar, String className) {
        return jar.exports().contains(packageOf(className));
    }

    static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    private PluginParts parts(PluginJar jar) throws IOException {
        var there = open.get(jar.id());
        if (there == null) {
            there = new PluginParts(jar);
            open.put(jar.id(), there);
        }
        return there;
    }

    @Override
    public void close() {
        open.values().forEach(PluginParts::close);
    }
}
