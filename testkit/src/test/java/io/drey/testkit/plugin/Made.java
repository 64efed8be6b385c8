package io.drey.testkit.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A plugin that is made of the text of one class and of files. */
final class Made {
    private final Map<String, String> files = new LinkedHashMap<>();
    private final String module;
    private final String classes;

    private Made(String module, String classes) {
        this.module = module;
        this.classes = classes;
        files.put("META-INF/services/io.drey.spi.FeaturePlugin", "p.Entry\n");
        manifest("Plugin-Id: made\nPlugin-Version: 1.0.0\nPlugin-Requires: >=0.1.0 & <0.2.0\n");
    }

    /**
     * A plugin.
     *
     * @param contributions calls on its list, as {@code .gate(Shut.class)}
     * @param classes nested classes of its entry
     */
    static Made plugin(String contributions, String classes) {
        return new Made(contributions, classes);
    }

    Made manifest(String attributes) {
        return with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n" + attributes);
    }

    Made with(String file, String content) {
        files.put(file, content);
        return this;
    }

    PackedPlugin pack(Path folder) throws IOException {
        var jar = Files.createTempFile(folder, "made", ".jar");
        var compiled = compile(folder);
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(compiled)) {
            for (var file : files.entrySet()) {
                add(out, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            for (var file : all.filter(Files::isRegularFile).toList()) {
                add(out, compiled.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return PackedPlugin.read(jar).orElseThrow();
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        var entry = new JarEntry(name);
        entry.setLastModifiedTime(FileTime.fromMillis(1_700_000_000_000L));
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    private Path compile(Path folder) throws IOException {
        var source = Files.createTempDirectory(folder, "source").resolve("Entry.java");
        Files.writeString(source, """
                package p;
                import io.drey.spi.*;
                import io.drey.spi.plan.*;
                import io.drey.spi.plugin.*;
                import java.time.Duration;
                import java.util.*;
                public final class Entry implements FeaturePlugin {
                    public com.google.inject.Module module(PluginContext context) {
                        return binder -> Contributions.of(binder).feature("made", Stability.STABLE)%s;
                    }
                    %s
                }
                """.formatted(module, classes));
        var out = Files.createTempDirectory(folder, "classes");
        var said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = compiler.getTask(
                    said,
                    manager,
                    null,
                    java.util.List.of("-d", out.toString(), "-proc:none", "-nowarn"),
                    null,
                    manager.getJavaFileObjects(source));
            assertThat(task.call()).as("%s", said).isTrue();
        }
        return out;
    }
}
