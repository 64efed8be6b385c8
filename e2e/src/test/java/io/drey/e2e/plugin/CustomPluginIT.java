package io.drey.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** examples/custom-plugin, by its README, against what this build made. */
@Timeout(360)
class CustomPluginIT {
    @TempDir
    private Path folder;

    @Test
    void bothVersionsBuildAndKeepTheContract() throws Exception {
        var outside = OutsideBuild.in(folder);
        var project = outside.example("custom-plugin");
        var jar = project.resolve("target/custom-plugin.jar");

        assertThat(outside.maven(project, "verify")).contains("Tests run: 5, Failures: 0");
        assertThat(version(jar)).isEqualTo("1.0.0");
        var first = Files.readAllBytes(jar);
        assertThat(outside.maven(project, "verify", "-Drevision=2.0.0")).contains("Tests run: 5, Failures: 0");
        assertThat(version(jar)).isEqualTo("2.0.0");
        outside.maven(project, "package");
        assertThat(Files.readAllBytes(jar)).as("built again").isEqualTo(first);
    }

    private static String version(Path jar) throws Exception {
        try (var file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Plugin-Version");
        }
    }
}
