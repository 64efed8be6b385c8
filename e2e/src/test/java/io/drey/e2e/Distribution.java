package io.drey.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Archive and image that this build has made in {@code distribution/target}. */
public final class Distribution {
    private static final Path TARGET = Commands.repository().resolve("distribution/target");

    private Distribution() {}

    /** The image, as a tar file. */
    public static Path image() {
        return only(TARGET, "image", file -> file.getFileName().toString().matches("drey-operator-.*\\.tar"));
    }

    /** The command {@code drey} of the unpacked archive. */
    public static Path drey() {
        return only(TARGET, "bin/drey", file -> Files.isExecutable(file.resolve("bin/drey")))
                .resolve("bin/drey");
    }

    /** The only match in a folder. Of two, one was left by a build of another version, and a test of it would show nothing. */
    static Path only(Path folder, String what, Predicate<Path> wanted) {
        try (var files = Files.list(folder)) {
            var found = files.filter(wanted).sorted().toList();
            if (found.size() != 1) {
                throw new AssertionError(
                        what + ": found " + found + " in " + folder
                                + ", must be one. Build the distribution, after ./mvnw clean -pl distribution if several are there");
            }
            return found.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
