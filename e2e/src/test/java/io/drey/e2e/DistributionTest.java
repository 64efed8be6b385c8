package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
    @TempDir
    private Path target;

    private Path image() {
        return Distribution.only(target, "image", file -> file.toString().endsWith(".tar"));
    }

    @Test
    void what_an_earlier_version_left_is_not_tested_instead() throws IOException {
        Files.createFile(target.resolve("drey.tar.gz"));
        assertThatThrownBy(this::image).isInstanceOf(AssertionError.class).hasMessageStartingWith("image: found [] in");

        var first = Files.createFile(target.resolve("drey-operator-1.tar"));
        assertThat(image()).isEqualTo(first);

        Files.createFile(target.resolve("drey-operator-2.tar"));
        assertThatThrownBy(this::image)
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("drey-operator-1.tar", "drey-operator-2.tar", "./mvnw clean -pl distribution");
    }
}
