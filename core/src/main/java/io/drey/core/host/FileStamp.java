package io.drey.core.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What tells that a file is another one, or has other content, than before: where links lead, the inode, the size and
 * both times. The time of the last change of the inode is among them, since a copy that keeps times changes nothing else.
 */
record FileStamp(Path path, Path real, String inode, long size, FileTime modified, String changed) {
    /** The stamp of a file; empty when it is not there. */
    static Optional<FileStamp> of(Path path) {
        try {
            var real = path.toRealPath();
            var attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return Optional.of(new FileStamp(
                    path,
                    real,
                    String.valueOf(attributes.fileKey()),
                    attributes.size(),
                    attributes.lastModifiedTime(),
                    real.getFileSystem().supportedFileAttributeViews().contains("unix")
                            ? String.valueOf(Files.getAttribute(real, "unix:ctime"))
                            : ""));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
