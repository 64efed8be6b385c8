package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How values of a spec are shown in events: what may be a secret is not. */
final class Redaction {
    private static final String HIDDEN = "******";
    private static final String TEMPLATE = "{..}";
    private static final int MAX_TEXT = 200;
    private static final List<String> SECRET_WORDS = List.of(
            "password",
            "passwd",
            "secret",
            "token",
            "key",
            "credential",
            "auth-params",
            "basic-auth",
            "jaas",
            "http-headers");
    private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]+@");
    /** Where signed addresses have their signature. */
    private static final Pattern QUERY = Pattern.compile("(://[^\\s?]*\\?)\\S+");
    /** As in {@code -Djavax.net.ssl.keyStorePassword=x}. */
    private static final Pattern ASSIGNED = Pattern.compile("([\\w.-]+=)(\\S+)");

    private Redaction() {}

    /** A text of unknown origin, such as a message. */
    static String text(String text) {
        return cut(io.drey.spi.config.Redaction.text(text));
    }

    /** The value of a configuration key. */
    static String config(String key, String value) {
        // Environment variables of the pods: their names follow no rule.
        return secret(key) || key.contains(".env.") ? HIDDEN : plain(value);
    }

    /** The value of a field of the spec. */
    static String field(String field, JsonNode value) {
        if (field.endsWith("podTemplate") || field.equals("logConfiguration")) {
            // Hold environment variables, annotations and appenders, of which nobody knows what is in them.
            return TEMPLATE;
        }
        if (field.equals("job.args")) {
            return args(value);
        }
        if (value.isObject()) {
            var text = new StringJoiner(", ", "{", "}");
            value.properties()
                    .forEach(entry -> text.add(entry.getKey() + ": " + field(entry.getKey(), entry.getValue())));
            return cut(text.toString());
        }
        return plain(value.isValueNode() ? value.asText() : value.toString());
    }

    /** {@code --password x} and {@code --password=x} lose their values. */
    private static String args(JsonNode args) {
        var text = new StringJoiner(", ", "[", "]");
        boolean hide = false;
        for (var arg : args) {
            var word = arg.asText();
            int equals = word.indexOf('=');
            if (hide) {
                text.add(HIDDEN);
            } else if (equals >= 0 && secret(word.substring(0, equals))) {
                text.add(word.substring(0, equals + 1) + HIDDEN);
            } else {
                text.add(plain(word));
            }
            hide = !hide && word.startsWith("-") && equals < 0 && secret(word);
        }
        return cut(text.toString());
    }

    private static boolean secret(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return SECRET_WORDS.stream().anyMatch(lower::contains);
    }

    private static String plain(String value) {
        var shown = USER_INFO.matcher(value).replaceAll("://" + HIDDEN + "@");
        shown = QUERY.matcher(shown).replaceAll("$1" + HIDDEN);
        return cut(ASSIGNED.matcher(shown)
                .replaceAll(found ->
                        Matcher.quoteReplacement(secret(found.group(1)) ? found.group(1) + HIDDEN : found.group())));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "..";
    }
}
