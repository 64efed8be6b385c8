package io.drey.core.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin's jar and its libraries, opened to look into. To be closed. */
final class PluginParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginParts.class);
    private static final String CLASS = ".class";

    private final Path jar;
    private final List<JarFile> files = new ArrayList<>();

    PluginParts(PluginJar plugin) throws IOException {
        this.jar = plugin.cached();
        try {
            files.add(open(jar));
            for (var library : plugin.libraries()) {
                files.add(open(library));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static JarFile open(Path file) throws IOException {
        return new JarFile(file.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
    }

    /** Whether a class is in it. */
    boolean has(String className) {
        return holder(className).isPresent();
    }

    /** Whether it is in the jar itself, and not in one of the libraries. */
    boolean hasOwn(String className) {
        return files.getFirst().getEntry(entry(className)) != null;
    }

    /** The name of the file that has a class. */
    Optional<String> holder(String className) {
        var entry = entry(className);
        return files.stream()
                .filter(file -> file.getEntry(entry) != null)
                .map(file -> Path.of(file.getName()).getFileName().toString())
                .findFirst();
    }

    private static String entry(String className) {
        return className.replace('.', '/') + CLASS;
    }

    /** Shows what each of the plugin's own classes refers to. */
    void own(Consumer<ClassRefs> each) throws IOException {
        classes(files.getFirst(), in -> each.accept(ClassRefs.read(in)));
    }

    /** Shows the calls in each class of a jar. */
    static void calls(Path library, Consumer<String> each) throws IOException {
        try (var file = open(library)) {
            classes(file, in -> ClassRefs.calls(in, each));
        }
    }

    /** Takes a class file. */
    @FunctionalInterface
    private interface Reader {
        void read(InputStream in) throws IOException;
    }

    private static void classes(JarFile file, Reader each) throws IOException {
        for (var entries = file.entries(); entries.hasMoreElements(); ) {
            var entry = entries.nextElement();
            var name = entry.getName();
            if (name.endsWith(CLASS) && !name.startsWith("META-INF/") && !name.endsWith("module-info.class")) {
                // The whole of it at once: a class file is small, and reading it byte by byte from the jar is slow.
                try (var in = file.getInputStream(entry)) {
                    each.read(new ByteArrayInputStream(in.readAllBytes()));
                } catch (IOException e) {
                    throw new IOException(name + " cannot be read (" + e.getMessage() + ")", e);
                }
            }
        }
    }

    @Override
    public void close() {
        for (var file : files) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.trace("{} was only read, and is not closed", file.getName(), e);
            }
        }
    }
}
