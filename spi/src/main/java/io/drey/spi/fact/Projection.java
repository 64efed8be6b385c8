package io.drey.spi.fact;

import java.util.Set;

/**
 * The parts of a JSON document that are kept. The rest is skipped while the document is read, so a large or hostile
 * document costs no more memory than {@code maxBytes}.
 *
 * @param paths of the kept values, {@code /jobs/&#42;/name}: each with everything below it; {@code *} matches each element
 *     of an array and each member of an object; {@code ""} matches the whole document
 * @param maxLines of a text; the number of lines beyond replaces them
 * @param lineLength characters of each line of a text
 * @param maxBytes of all that is kept, as JSON; the document is cut there
 */
public record Projection(Set<String> paths, int maxLines, int lineLength, int maxBytes) {
    private static final int LINES = 200;
    private static final int LINE_LENGTH = 2000;
    private static final int MAX_BYTES = 64 * 1024;

    public Projection {
        paths = Set.copyOf(paths);
        if (maxLines < 1 || lineLength < 1 || maxBytes < 2) {
            throw new IllegalArgumentException("a projection keeps at least one line, one character and two bytes");
        }
    }

    /** Keeps these, up to 64 KB. */
    public static Projection of(String... paths) {
        return new Projection(Set.of(paths), LINES, LINE_LENGTH, MAX_BYTES);
    }

    /** The same with shorter texts. */
    public Projection texts(int lines, int length) {
        return new Projection(paths, lines, length, maxBytes);
    }

    /** The same with another limit of all that is kept. */
    public Projection upTo(int bytes) {
        return new Projection(paths, maxLines, lineLength, bytes);
    }
}
