package io.drey.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.e2e.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plugin is its own folder, one line that makes it a module and, when it is shipped, one line of the distribution. */
class OwnFolderTest {
    private static final Path ROOT = Commands.repository();
    private static final Path MODULES = ROOT.resolve("plugins/pom.xml");
    private static final Path SHIPPED = ROOT.resolve("distribution/plugins/pom.xml");
    /** The engine's laws, which are tested with the plugins that are shipped. */
    private static final Path ENGINE_TESTS = ROOT.resolve("engine-tests/pom.xml");

    static List<Path> plugins() throws IOException {
        try (var folders = Files.list(ROOT.resolve("plugins"))) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void nothingElseNamesAPlugin(Path plugin) throws IOException {
        var name = plugin.getFileName().toString();
        var artifact = "<artifactId>drey-plugin-" + name + "</artifactId>";

        assertThat(lines(MODULES, "<module>" + name + "</module>")).hasSize(1);
        assertThat(lines(SHIPPED, artifact))
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(line ->
                        assertThat(line.strip()).startsWith("<dependency>").endsWith("</dependency>"));
        for (var pom : files("pom.xml")) {
            if (!pom.startsWith(ROOT.resolve("plugins")) && !pom.equals(SHIPPED) && !pom.equals(ENGINE_TESTS)) {
                assertThat(lines(pom, artifact)).as("%s", pom).isEmpty();
            }
        }
        try (var packages = Files.list(plugin.resolve("src/main/java/io/drey/plugin"))) {
            for (var each : packages.toList()) {
                var named = "io.drey.plugin." + each.getFileName() + ".";
                for (var source : files(".java")) {
                    if (source.toString().contains("/src/main/") && !source.startsWith(plugin)) {
                        assertThat(lines(source, named)).as("%s", source).isEmpty();
                    }
                }
            }
        }
    }

    private static List<String> lines(Path file, String text) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains(text))
                .toList();
    }

    /** Files of this repository whose names end so, without what builds make. */
    private static List<Path> files(String end) {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.filter(Files::isDirectory)
                    .filter(folder -> !folder.getFileName().toString().startsWith("."))
                    .flatMap(OwnFolderTest::below)
                    .filter(file -> file.toString().endsWith(end))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
