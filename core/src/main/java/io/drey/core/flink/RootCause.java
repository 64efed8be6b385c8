package io.drey.core.flink;

import io.drey.spi.config.Redaction;

/** The line of a stack trace that says most: the deepest cause, without secrets. */
final class RootCause {
    private static final String CAUSED_BY = "Caused by: ";
    private static final int LONGEST = 500;

    private RootCause() {}

    static String of(String stackTrace, String otherwise) {
        var first =
                stackTrace.lines().findFirst().filter(line -> !line.isBlank()).orElse(otherwise);
        var cause = stackTrace
                .lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .map(line -> line.substring(CAUSED_BY.length()))
                .reduce(first, (earlier, deeper) -> deeper);
        var shown = Redaction.text(cause);
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST);
    }
}
