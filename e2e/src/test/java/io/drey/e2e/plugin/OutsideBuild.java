package io.drey.e2e.plugin;

import io.drey.core.cli.DreyVersion;
import io.drey.e2e.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Maven for projects outside of this repository. They find the artifacts of this build in a repository of their own, as if
 * they were released, and all others in that of this build.
 */
public final class OutsideBuild {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> MODULES = List.of("spi", "core", "testkit", "archetype");

    private final Path folder;
    private final Path released;

    private OutsideBuild(Path folder, Path released) {
        this.folder = folder;
        this.released = released;
    }

    /**
     * Releases what this build made, into this folder.
     *
     * @param folder empty, outside of this repository: Maven reads {@code .mvn} in every folder above
     */
    public static OutsideBuild in(Path folder) throws IOException {
        var released = folder.resolve("released");
        var root = Commands.repository();
        release(released, "drey", root.resolve("pom.xml"));
        for (var module : MODULES) {
            var name = "drey-" + (module.equals("archetype") ? "plugin-archetype" : module);
            var target = release(released, name, root.resolve(module).resolve("pom.xml"));
            var jar = name + "-" + DreyVersion.current() + ".jar";
            Files.copy(root.resolve(module).resolve("target").resolve(jar), target.resolve(jar));
        }
        return new OutsideBuild(folder, released);
    }

    private static Path release(Path released, String name, Path pom) throws IOException {
        var version = DreyVersion.current();
        var target = Files.createDirectories(
                released.resolve("io/drey").resolve(name).resolve(version));
        Files.copy(pom, target.resolve(name + "-" + version + ".pom"));
        return target;
    }

    /** A copy of an example, to be built. */
    public Path example(String name) throws IOException {
        var from = Commands.repository().resolve("examples").resolve(name);
        var to = folder.resolve(name);
        try (var files = Files.walk(from)) {
            for (var file : files.filter(each -> !from.relativize(each).startsWith("target"))
                    .toList()) {
                Files.createDirectories(to.resolve(from.relativize(file)).getParent());
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
        return to;
    }

    /**
     * Runs Maven.
     *
     * @return what it printed
     * @throws AssertionError when the build fails
     */
    public String maven(Path project, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("maven.command"),
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + released,
                "-Dmaven.repo.local.tail=" + System.getProperty("maven.repository")));
        if (Boolean.getBoolean("maven.offline")) {
            command.add("-o");
        }
        command.addAll(List.of(arguments));
        return Commands.execute(project, LIMIT, null, command).orFail().output();
    }
}
