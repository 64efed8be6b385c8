package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A plugin jar made of source text. */
public final class PluginJars {
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<Path> seen = new ArrayList<>();
    private List<String> entries = List.of();

    private PluginJars() {}

    /** A jar without anything. */
    static PluginJars empty() {
        return new PluginJars();
    }

    /** A good plugin whose module does this to its {@code contributions} and its {@code binder}. */
    public static PluginJars plugin(String id, String module) {
        var jar = new PluginJars();
        jar.manifest.put("Plugin-Id", id);
        jar.manifest.put("Plugin-Version", "1.0.0");
        var packageName = "p." + id;
        jar.entries = List.of(packageName + ".Entry");
        return jar.source(packageName + ".Entry", """
                public final class Entry implements io.drey.spi.FeaturePlugin {
                    public com.google.inject.Module module(io.drey.spi.plugin.PluginContext context) {
                        return binder -> {
                            var contributions = io.drey.spi.plugin.Contributions.of(binder);
                            contributions.feature("%s", io.drey.spi.plugin.Stability.STABLE);
                            %s
                        };
                    }
                }
                """.formatted(id, module));
    }

    /** A good plugin with a strategy whose name is the value of this expression. */
    public static PluginJars strategy(String id, String nameExpression) {
        return plugin(id, "contributions.strategy(Named.class);")
                .source("p." + id + ".Named", """
                        public final class Named implements io.drey.spi.UpgradeStrategy {
                            public String name() { return %s; }
                            public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { throw new AssertionError(); }
                        }
                        """.formatted(nameExpression));
    }

    public PluginJars with(String attribute, String value) {
        manifest.put(attribute, value);
        return this;
    }

    PluginJars entries(String... names) {
        entries = List.of(names);
        return this;
    }

    public PluginJars source(String className, String text) {
        int dot = className.lastIndexOf('.');
        sources.put(className, "package " + className.substring(0, dot) + ";\n" + text);
        return this;
    }

    /** Compiles against this jar, too. */
    PluginJars sees(Path jar) {
        seen.add(jar);
        return this;
    }

    PluginJars file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    PluginJars without(String file) {
        sources.remove(file);
        return this;
    }

    /** Writes it. */
    public Path write(Path file) throws IOException {
        var classes = Files.createTempDirectory("classes");
        if (!sources.isEmpty()) {
            compile(classes);
        }
        var main = new Manifest();
        main.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((name, value) -> main.getMainAttributes().putValue(name, value));
        try (var out = new JarOutputStream(Files.newOutputStream(file))) {
            if (!manifest.isEmpty()) {
                add(out, "META-INF/MANIFEST.MF", main);
            }
            if (!entries.isEmpty()) {
                add(out, JarStore.ENTRY, String.join("\n", entries).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            for (var each : files.entrySet()) {
                add(out, each.getKey(), each.getValue());
            }
            try (var compiled = Files.walk(classes)) {
                for (var each : compiled.filter(Files::isRegularFile).toList()) {
                    add(out, classes.relativize(each).toString(), Files.readAllBytes(each));
                }
            }
        }
        return file;
    }

    private static void add(JarOutputStream out, String name, Manifest manifest) throws IOException {
        out.putNextEntry(new JarEntry(name));
        manifest.write(out);
        out.closeEntry();
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    private void compile(Path classes) {
        var said = new StringWriter();
        var classPath = Stream.concat(
                        Stream.of(System.getProperty("java.class.path")),
                        seen.stream().map(Path::toString))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        var units = sources.entrySet().stream()
                .map(source ->
                        new SimpleJavaFileObject(
                                URI.create("string:///" + source.getKey().replace('.', '/') + ".java"),
                                JavaFileObject.Kind.SOURCE) {
                            @Override
                            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                                return source.getValue();
                            }
                        })
                .toList();
        var done = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        said,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", classPath, "-proc:none", "-nowarn"),
                        null,
                        units)
                .call();
        assertThat(done).as(said.toString()).isTrue();
    }
}
