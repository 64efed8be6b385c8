package io.drey.testkit.plugin;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A plugin jar as it is dropped into a folder.
 *
 * @param path of the jar
 * @param manifest main attributes by name
 * @param files names of all that is in it, with when it was changed, in milliseconds since 1970
 * @param entries class names in the service file of {@code FeaturePlugin}
 */
record PackedPlugin(Path path, Map<String, String> manifest, Map<String, Long> files, List<String> entries) {
    private static final String SERVICE = "META-INF/services/io.drey.spi.FeaturePlugin";

    PackedPlugin {
        manifest = Map.copyOf(manifest);
        files = Map.copyOf(files);
        entries = List.copyOf(entries);
    }

    /** Reads a jar; empty when it is no plugin. */
    static Optional<PackedPlugin> read(Path path) {
        try (var jar = new JarFile(path.toFile())) {
            Map<String, String> attributes = new LinkedHashMap<>();
            if (jar.getManifest() != null) {
                jar.getManifest()
                        .getMainAttributes()
                        .forEach((name, value) -> attributes.put(name.toString(), value.toString()));
            }
            Map<String, Long> files = new LinkedHashMap<>();
            jar.stream().forEach(entry -> files.put(entry.getName(), entry.getTime()));
            if (!attributes.containsKey("Plugin-Id") && !files.containsKey(SERVICE)) {
                return Optional.empty();
            }
            return Optional.of(new PackedPlugin(path, attributes, files, entries(jar)));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read as a jar", e);
        }
    }

    private static List<String> entries(JarFile jar) throws IOException {
        var service = jar.getEntry(SERVICE);
        if (service == null) {
            return List.of();
        }
        try (var in = jar.getInputStream(service)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    /**
     * The only plugin in a folder.
     *
     * @throws AssertionError when there is none, or more than one
     */
    static PackedPlugin in(Path folder) {
        List<PackedPlugin> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (var jars = Files.newDirectoryStream(folder, "*.jar")) {
                jars.forEach(jar -> read(jar).ifPresent(found::add));
            } catch (IOException e) {
                throw new UncheckedIOException(folder + " cannot be listed", e);
            }
        }
        if (found.size() != 1) {
            throw new AssertionError("one packed plugin is expected in " + folder.toAbsolutePath() + ", found "
                    + found.stream().map(PackedPlugin::path).toList()
                    + ". Run the suite after the phase package (its class is called *IT, and runs with maven-failsafe-plugin),"
                    + " after a clean build, or override jar()");
        }
        return found.getFirst();
    }

    /** The plugin of this id among the jars on the class path of the test. */
    static Optional<PackedPlugin> onTheClassPath(String id) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .flatMap(entry -> read(Path.of(entry)).stream())
                .filter(plugin -> plugin.id().equals(id))
                .findFirst();
    }

    String id() {
        return manifest.getOrDefault("Plugin-Id", "");
    }

    /** The ids of the plugins that it cannot do without. */
    List<String> needs() {
        return Stream.of(manifest.getOrDefault("Plugin-Dependencies", "").split(","))
                .map(String::strip)
                .filter(dependency -> !dependency.isEmpty())
                .map(dependency -> dependency.replaceFirst("@.*", ""))
                .filter(id -> !id.endsWith("?"))
                .toList();
    }
}
