package io.drey.spi.resource.crd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes the descriptions for {@code kubectl explain} from the Javadoc of the records. */
final class SourceDocs {
    private final Path sources;

    SourceDocs(Path sources) {
        this.sources = sources;
    }

    /** The first sentences: what stands before the first tag or paragraph. */
    String type(Class<?> type) {
        return plain(javadoc(type).split("(?m)^@|<p>", 2)[0]);
    }

    /** What {@code @param} says of a component. */
    Optional<String> component(Class<?> type, String name) {
        var tag = Pattern.compile("@param " + name + "\\s+(.*?)(?=\\R@|\\z)", Pattern.DOTALL)
                .matcher(javadoc(type));
        return tag.find() ? Optional.of(plain(tag.group(1))).map(SourceDocs::sentence) : Optional.empty();
    }

    private String javadoc(Class<?> type) {
        var file = sources.resolve(type.getName().replaceAll("\\$.*", "").replace('.', '/') + ".java");
        try {
            var comment = Pattern.compile(
                            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*public (?:final )?record "
                                    + type.getSimpleName() + "\\b",
                            Pattern.DOTALL)
                    .matcher(Files.readString(file));
            return comment.find()
                    ? comment.group(1).replaceAll("(?m)^\\s*\\* ?", "").strip()
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String plain(String javadoc) {
        return javadoc.replaceAll("\\{@code ((?:[^{}]|\\{\\{[^{}]*}})*)}", "$1")
                .replaceAll("\\{@link (?:\\w+)?#(\\w+)}", "$1")
                .replaceAll("\\{@link (\\w+)}", "$1")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
