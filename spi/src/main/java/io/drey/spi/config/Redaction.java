package io.drey.spi.config;

import java.util.regex.Pattern;

/**
 * Hides secrets in texts that Drey did not write, such as exceptions of a job, before they become part of a status, a
 * condition or an event.
 *
 * <p>Statuses and events are readable by more users than the Secrets and configuration of a job. The names of exceptions
 * stay, and so does everything else that does not look like a secret. Takes time linear in the text, also of a hostile one.
 */
public final class Redaction {
    private static final String HIDDEN = "******";

    /** As in {@code password: x}, {@code "token": "x"} and {@code Authorization: Bearer x}; no name of an exception. */
    private static final Pattern NAMED = Pattern.compile("(?i)((?:password|passwd|pwd|secret|token|credential|jaas"
            + "|authorization|(?:access|account|api|private|shared)[-_.]?key)[\\w.-]{0,64}+(?<!exception|error)[\"']?"
            + "[ \\t]{0,8}[:=][ \\t]{0,8}(?:(?:basic|bearer)[ \\t]{1,8})?)(?:\"[^\"\\n]+\"|'[^'\\n]+'|[^\\s,;&\"']+)");

    /** As in {@code https://user:password@host}. */
    private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s]{1,1024}+@");

    /** As in {@code jdbc:oracle:thin:user/password@//host}. */
    private static final Pattern ORACLE = Pattern.compile("(jdbc:oracle:\\w{1,16}:)[^@\\s]{1,1024}+@");

    /** Where signed addresses have their signature. */
    private static final Pattern QUERY = Pattern.compile("(://[^\\s?]{0,1024}+\\?)[^\\s\"'<>]+");

    private Redaction() {}

    /** The text without passwords, tokens, keys, user information and queries of addresses. */
    public static String text(String text) {
        var hidden = USER_INFO.matcher(text).replaceAll("$1" + HIDDEN + "@");
        hidden = ORACLE.matcher(hidden).replaceAll("$1" + HIDDEN + "@");
        hidden = QUERY.matcher(hidden).replaceAll("$1" + HIDDEN);
        return NAMED.matcher(hidden).replaceAll("$1" + HIDDEN);
    }
}
