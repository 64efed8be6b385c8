package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {
    @TempDir
    private Path folder;

    /** {@code cp -p} over a file: only the time of the inode's change tells. */
    @Test
    void aCopyThatKeepsSizeAndTimeIsAnotherFile() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "one");
        var before = FileStamp.of(file);
        var time = Files.getLastModifiedTime(file);

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);

        assertThat(FileStamp.of(file)).isPresent().isNotEqualTo(before);
        assertThat(FileStamp.of(file)).isEqualTo(FileStamp.of(file));
    }

    @Test
    void whatIsNotThereHasNone() {
        assertThat(FileStamp.of(folder.resolve("nothing"))).isEmpty();
    }
}
