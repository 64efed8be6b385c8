package io.drey.core.host;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.drey.core.integrity.Integrity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipException;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Private copies of plugin jars, by hash. What is loaded is never the file that the user put there: one that is
 * overwritten, half written or swapped does no harm.
 */
final class JarStore {
    private static final Logger LOG = LoggerFactory.getLogger(JarStore.class);
    static final String ENTRY = "META-INF/services/io.drey.spi.FeaturePlugin";

    private record Known(FileStamp stamp, PluginJar jar) {}

    private final Map<Path, Known> known = new HashMap<>();
    private final Path stores;
    private final Path directory;

    /** @param stores where each process of this machine has a folder of its own; made if it is missing */
    JarStore(Path stores) {
        this.stores = stores;
        this.directory = stores.resolve(Long.toString(ProcessHandle.current().pid()));
    }

    /** Begins with nothing, and removes what processes left that are gone. */
    void open() {
        try {
            Files.createDirectories(stores);
            try (var folders = Files.newDirectoryStream(stores)) {
                for (var folder : folders) {
                    if (folder.equals(directory) || abandoned(folder)) {
                        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
                    }
                }
            }
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no copies of plugins can be kept in " + stores + ": " + e.getMessage()
                            + ". Make it writable, or set drey.plugins.store",
                    e);
        }
    }

    private static boolean abandoned(Path folder) {
        var name = folder.getFileName().toString();
        return name.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(name)).isEmpty();
    }

    /**
     * Reads a jar, or says what is wrong with it. One that has not changed is not read again.
     *
     * @param integrity is asked before anything in the jar is opened
     */
    Optional<PluginJar> read(Path source, Integrity integrity, List<PluginProblem> problems) {
        var stamp = FileStamp.of(source);
        var before = known.get(source);
        if (before != null
                && stamp.equals(Optional.of(before.stamp()))
                && Files.exists(before.jar().cached())) {
            return allowed(source, integrity.lacks(source, before.jar().sha256()), integrity, problems)
                    ? Optional.of(before.jar())
                    : Optional.empty();
        }
        known.remove(source);
        var jar = readAnew(source, integrity, problems);
        if (jar.isPresent() && stamp.isPresent() && stamp.equals(FileStamp.of(source))) {
            known.put(source, new Known(stamp.get(), jar.get()));
        }
        return jar;
    }

    private static boolean allowed(
            Path source, Optional<String> lacks, Integrity integrity, List<PluginProblem> problems) {
        if (lacks.isPresent() && integrity.mode() == Integrity.Mode.ENFORCE) {
            problems.add(new PluginProblem(
                    source.getFileName().toString(),
                    "nobody vouches for it: " + lacks.get(),
                    "Sign it with drey plugins sign, or put its SHA-256 on the list"));
            return false;
        }
        return true;
    }

    private Optional<PluginJar> readAnew(Path source, Integrity integrity, List<PluginProblem> problems) {
        var name = source.getFileName().toString();
        try {
            var cached = copy(source);
            var sha256 = cached.getFileName().toString().replace(".jar", "");
            var lacks = integrity.lacks(source, sha256);
            if (!allowed(source, lacks, integrity, problems)) {
                return Optional.empty();
            }
            lacks.ifPresent(why -> LOG.warn("nobody vouches for {}: {}", name, why));
            try (var jar = new JarFile(cached.toFile())) {
                var manifest = jar.getManifest();
                if (manifest == null || manifest.getMainAttributes().getValue("Plugin-Id") == null) {
                    problems.add(new PluginProblem(
                            name,
                            "its manifest has no Plugin-Id",
                            "A plugin jar names itself: Plugin-Id, Plugin-Version and Plugin-Requires in"
                                    + " META-INF/MANIFEST.MF. Remove a jar that is no plugin"));
                    return Optional.empty();
                }
                var descriptor = new ManifestPluginDescriptorFinder().find(cached);
                var exports = manifest.getMainAttributes().getValue("Plugin-Exports");
                return Optional.of(new PluginJar(
                        source,
                        cached,
                        libraries(jar, cached),
                        sha256,
                        descriptor,
                        entries(jar),
                        exports == null || exports.isBlank()
                                ? Set.of()
                                : Set.of(exports.strip().split("\\s*,\\s*"))));
            }
        } catch (ZipException e) {
            problems.add(new PluginProblem(
                    name, "it is no complete jar (" + e.getMessage() + ")", "Copy it again, and rename it into place"));
        } catch (IOException e) {
            problems.add(new PluginProblem(name, "it cannot be read: " + e.getMessage(), "Check the file's rights"));
        }
        return Optional.empty();
    }

    private Path copy(Path source) throws IOException {
        var temporary = Files.createTempFile(directory, "incoming-", ".tmp");
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (var in = Files.newInputStream(source);
                    var out = Files.newOutputStream(temporary)) {
                var buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                    out.write(buffer, 0, read);
                }
            }
            var cached = directory.resolve(HexFormat.of().formatHex(digest.digest()) + ".jar");
            Files.move(temporary, cached, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return cached;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static List<String> entries(JarFile jar) throws IOException {
        var services = jar.getEntry(ENTRY);
        if (services == null) {
            return List.of();
        }
        try (var in = jar.getInputStream(services)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private Path libraryFolder(Path cached) {
        return directory.resolve(cached.getFileName().toString().replace(".jar", ".lib"));
    }

    private List<Path> libraries(JarFile jar, Path cached) throws IOException {
        var folder = libraryFolder(cached);
        List<Path> libraries = new ArrayList<>();
        for (var entry : jar.stream()
                .filter(entry -> entry.getName().matches("lib/[^/]+\\.jar"))
                .toList()) {
            Files.createDirectories(folder);
            var library = folder.resolve(entry.getName().substring("lib/".length()));
            if (!Files.exists(library) || Files.size(library) != entry.getSize()) {
                try (var in = jar.getInputStream(entry)) {
                    Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            libraries.add(library);
        }
        return libraries;
    }

    /** Removes the copy of a jar. */
    void remove(PluginJar jar) {
        try {
            Files.deleteIfExists(jar.cached());
            var folder = libraryFolder(jar.cached());
            if (Files.exists(folder)) {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        } catch (IOException e) {
            LOG.debug("{} is left: {}", jar.cached(), e.getMessage());
        }
    }

    /** The id that a jar's manifest says, if it does. */
    static Optional<String> idOf(Path file) {
        try (var jar = new JarFile(file.toFile())) {
            var manifest = jar.getManifest();
            return manifest == null
                    ? Optional.empty()
                    : Optional.ofNullable(manifest.getMainAttributes().getValue("Plugin-Id"));
        } catch (IOException e) {
            // What is wrong with it is told by whoever reads it.
            return Optional.empty();
        }
    }

    /** The jars in a directory, by name; a jar itself; none when there is nothing. */
    static List<Path> jarsIn(Path directory) {
        if (Files.isRegularFile(directory)) {
            return List.of(directory);
        }
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be listed", e);
        }
    }
}
