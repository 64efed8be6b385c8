package io.drey.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.cli.DreyVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the guide tells plugin authors to type. */
@Timeout(360)
class ArchetypeIT {
    @TempDir
    private Path folder;

    @Test
    void aGeneratedPluginBuildsAndKeepsTheContract() throws Exception {
        var outside = OutsideBuild.in(folder);
        outside.maven(
                folder,
                "org.apache.maven.plugins:maven-archetype-plugin:3.4.1:generate",
                "-DarchetypeCatalog=internal",
                "-DarchetypeGroupId=io.drey",
                "-DarchetypeArtifactId=drey-plugin-archetype",
                "-DarchetypeVersion=" + DreyVersion.current(),
                "-DinteractiveMode=false",
                "-DgroupId=com.example.drey",
                "-DartifactId=drey-plugin-house-rules",
                "-Dversion=1.2.3",
                "-DpluginId=house-rules");
        var project = folder.resolve("drey-plugin-house-rules");

        var said = outside.maven(project, "verify");

        assertThat(said).contains("Tests run: 2, Failures: 0", "Tests run: 5, Failures: 0", "BUILD SUCCESS");
        assertThat(project.resolve("target/drey-plugin-house-rules-1.2.3.jar")).exists();
    }
}
