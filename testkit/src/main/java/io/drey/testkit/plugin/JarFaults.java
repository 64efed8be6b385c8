package io.drey.testkit.plugin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What is wrong with a plugin jar, to be seen without running it. Each fault says how it is mended. */
final class JarFaults {
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]+)?");

    /** What the operator gives to every plugin; the same classes in a jar would be other classes. */
    private static final List<String> SHARED = List.of(
            "io/drey/spi/",
            "io/drey/core/",
            "io/drey/testkit/",
            "org/pf4j/",
            "org/slf4j/",
            "com/google/inject/",
            "jakarta/inject/",
            "org/jspecify/",
            "com/fasterxml/jackson/",
            "io/fabric8/kubernetes/api/",
            "io/fabric8/kubernetes/client/",
            "org/junit/");

    private static final List<String> SHARED_LIBRARIES = List.of(
            "drey-spi-",
            "drey-core-",
            "drey-testkit-",
            "pf4j-",
            "slf4j-",
            "guice-",
            "jakarta.inject-api-",
            "jspecify-",
            "jackson-annotations-",
            "jackson-core-",
            "jackson-databind-",
            "kubernetes-model-",
            "kubernetes-client-",
            "junit-",
            "assertj-");

    private JarFaults() {}

    /** Of its manifest and its entry. */
    static List<String> ofTheManifest(PackedPlugin plugin) {
        List<String> faults = new ArrayList<>();
        var manifest = plugin.manifest();
        if (plugin.id().isBlank()) {
            faults.add("Plugin-Id is missing. Name the plugin in the manifest");
        }
        var version = manifest.getOrDefault("Plugin-Version", "");
        if (!VERSION.matcher(version).matches()) {
            faults.add("Plugin-Version is '" + version + "'. Write three numbers, as in 1.2.3");
        }
        var requires = manifest.getOrDefault("Plugin-Requires", "");
        if (!requires.contains("<")) {
            faults.add("Plugin-Requires is '" + requires
                    + "'. Say with which versions of Drey it works, with an upper end: >=0.1.0 & <0.2.0");
        }
        if (plugin.entries().size() != 1) {
            faults.add("META-INF/services/io.drey.spi.FeaturePlugin names "
                    + (plugin.entries().isEmpty() ? "no class" : plugin.entries())
                    + ". It must name exactly one class that implements FeaturePlugin");
        }
        for (var entry : plugin.entries()) {
            if (!plugin.files().containsKey(entry.replace('.', '/') + ".class")) {
                faults.add("the entry " + entry + " is not in the jar. Name the class that implements FeaturePlugin");
            }
        }
        return faults;
    }

    /** Of what else is in it. */
    static List<String> ofTheContent(PackedPlugin plugin) {
        List<String> faults = new ArrayList<>();
        for (var file : plugin.files().keySet().stream().sorted().toList()) {
            var upper = file.toUpperCase(Locale.ROOT);
            if (upper.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)")) {
                faults.add(file + " is left of a signed library, whose classes will not load. Put libraries into the"
                        + " jar as lib/*.jar instead of unpacked");
            }
            if (file.endsWith(".class") && SHARED.stream().anyMatch(file::startsWith)) {
                faults.add(
                        file + " is there, which the operator shares or hides. Use scope provided or test, and unpack"
                                + " nothing into the jar");
            }
            if (file.endsWith(".jar")) {
                var name = file.substring(file.lastIndexOf('/') + 1);
                if (!file.matches("lib/[^/]+\\.jar")) {
                    faults.add(file + " will not be seen. Put libraries into lib/");
                } else if (SHARED_LIBRARIES.stream().anyMatch(name::startsWith)) {
                    faults.add(file + " is there, which the operator shares or hides. Use scope provided or test");
                }
            }
        }
        if (new HashSet<>(plugin.files().values()).size() > 1) {
            faults.add("what is in the jar was changed at different times, so that two builds differ. Set"
                    + " project.build.outputTimestamp in the pom");
        }
        return faults;
    }
}
