package io.drey.core.host;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** Which classes the host gives to plugins, and what to do about one that nobody gives. */
final class MissingClasses {
    /** What is said of a class that is in no jar at all. */
    static final String ADD = "Add the library that has it to the jar (scope compile)";

    private final ClassLoader host;
    private final Set<String> there = new HashSet<>();

    MissingClasses(ClassLoader host) {
        this.host = host;
    }

    /** Whether a plugin gets this class from the host or from Java. Not thread-safe. */
    boolean hostHas(String className) {
        if (there.contains(className)) {
            return true;
        }
        var file = file(className);
        boolean found = SharedClasses.shares(className)
                ? host.getResource(file) != null
                : ClassLoader.getPlatformClassLoader().getResource(file) != null;
        if (found) {
            there.add(className);
        }
        return found;
    }

    private static String file(String className) {
        return className.replace('.', '/') + ".class";
    }

    /** What whoever builds the plugin has to do, so that it finds this class. */
    String mend(String className, PluginParts own, Others others) throws IOException {
        if (SharedClasses.shares(className)) {
            return own.holder(className)
                    .map(file -> "The copy in " + file + " does not count, since the operator shares "
                            + Others.packageOf(className) + " with all plugins and has another version of it. Compile"
                            + " against the version that drey-spi brings")
                    .orElse("The operator's version of it is another one. Compile against the version that drey-spi"
                            + " brings, with scope provided");
        }
        var owner = others.owner(className);
        if (owner.isPresent()) {
            return fromPlugin(owner.get(), className);
        }
        var ours = host.getResource(file(className));
        if (ours != null) {
            return className.startsWith("io.drey.core.")
                    ? "It is the operator's own. Use io.drey.spi only"
                    : artifact(ours)
                            .map(name -> name + " is not shared: change provided to compile")
                            .orElse("The operator's copy is not shared: take the library with scope compile");
        }
        if (className.startsWith("java.")) {
            return "It is not in this Java runtime, " + Runtime.version().feature() + ". Do without it";
        }
        return className.startsWith("javax.") ? "It is not in this Java runtime. " + ADD : ADD;
    }

    private static String fromPlugin(Others.Owner owner, String className) {
        var id = owner.jar().id();
        var export = owner.exports()
                ? ""
                : "let plugin " + id + " export it (Plugin-Exports: " + Others.packageOf(className) + ")";
        var declare =
                owner.declared() ? "" : "Declare the dependency on plugin " + id + " (Plugin-Dependencies: " + id + ")";
        if (declare.isEmpty()) {
            return "L" + export.substring(1);
        }
        return export.isEmpty() ? declare : declare + ", and " + export;
    }

    /** Maven's name of the jar that a resource is in. */
    private static Optional<String> artifact(URL resource) throws IOException {
        if (!(resource.openConnection() instanceof JarURLConnection connection)) {
            return Optional.empty();
        }
        // Else it is the class loader's own, and closing it would close that.
        connection.setUseCaches(false);
        try (var jar = connection.getJarFile()) {
            var entry = jar.stream()
                    .filter(each -> each.getName().matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties"))
                    .toList();
            if (entry.size() != 1) {
                return Optional.empty();
            }
            var properties = new Properties();
            try (var in = jar.getInputStream(entry.getFirst())) {
                properties.load(in);
            }
            return Optional.of(properties.getProperty("groupId") + ":" + properties.getProperty("artifactId"));
        }
    }
}
