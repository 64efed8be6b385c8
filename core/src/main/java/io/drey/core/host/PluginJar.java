package io.drey.core.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.pf4j.PluginDescriptor;

/**
 * A plugin as it was found.
 *
 * @param source where the user put it
 * @param cached the private copy that is loaded
 * @param libraries its own libraries, unpacked
 * @param sha256 of the jar
 * @param entries class names of its FeaturePlugin, exactly one in a good jar
 * @param exports packages that dependents may see
 */
record PluginJar(
        Path source,
        Path cached,
        List<Path> libraries,
        String sha256,
        PluginDescriptor descriptor,
        List<String> entries,
        Set<String> exports) {

    PluginJar {
        libraries = List.copyOf(libraries);
        entries = List.copyOf(entries);
        exports = Set.copyOf(exports);
    }

    String id() {
        return descriptor.getPluginId();
    }

    String version() {
        return descriptor.getVersion() == null ? "" : descriptor.getVersion();
    }

    String entry() {
        return entries.getFirst();
    }

    /** The jar's name, for people. */
    String name() {
        return source.getFileName().toString();
    }
}
