package io.drey.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The operator's folder of configuration, as plugins see it: files beside the configuration itself, such as those for
 * logging.
 *
 * @param folders a file of a later one counts more; one that does not exist has none
 */
public record ConfigurationFolder(List<Path> folders) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final long LIMIT = 1 << 20;

    /** There is none. */
    public static final ConfigurationFolder NONE = new ConfigurationFolder(List.of());

    public ConfigurationFolder {
        folders = List.copyOf(folders);
    }

    /**
     * The text of a file; empty when it is not there.
     *
     * @throws IllegalArgumentException when it cannot be read, is larger than 1 MiB, or is none that plugins may see
     */
    public Optional<String> read(String name) {
        return paths(name)
                .map(ConfigurationFolder::text)
                .flatMap(Optional::stream)
                .reduce((below, over) -> over);
    }

    /** Where a file may be. */
    public Stream<Path> paths(String name) {
        if (!NAME.matcher(name).matches() || ConfigFile.NAMES.contains(name)) {
            throw new IllegalArgumentException("configuration file '" + name
                    + "': must be the name of a file, without a folder, and not the operator's configuration, of which a"
                    + " plugin sees its own section");
        }
        return folders.stream().map(folder -> folder.resolve(name));
    }

    private static Optional<String> text(Path file) {
        try {
            if (Files.size(file) > LIMIT) {
                throw new IllegalArgumentException(file + ": it is larger than 1 MiB. Make it smaller");
            }
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + "), it must be a text file in UTF-8",
                    e);
        }
    }
}
