package io.drey.spi.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Maps in Flink's syntax: {@code key:value,key:value}, or {@code {key: value, key: value}}. What has a comma or a colon in
 * it stands in single or double quotes, which are doubled inside.
 */
final class FlinkMap {
    private FlinkMap() {}

    /**
     * Reads a map, in the order of the text.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Map<String, String> parse(String text) {
        var stripped = text.strip();
        boolean braces = stripped.startsWith("{") && stripped.endsWith("}");
        var pairs = braces ? stripped.substring(1, stripped.length() - 1) : stripped;
        Map<String, String> map = new LinkedHashMap<>();
        for (var pair : split(pairs, ',', Integer.MAX_VALUE)) {
            if (!pair.isBlank()) {
                var parts = split(pair, ':', 2);
                if (parts.size() < 2) {
                    throw new IllegalArgumentException("no colon in " + pair);
                }
                map.put(unquoted(parts.get(0)), unquoted(parts.get(1)));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    /** Splits where {@code at} stands outside of quotes. */
    private static List<String> split(String text, char at, int limit) {
        List<String> parts = new ArrayList<>();
        int begin = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == at && parts.size() < limit - 1) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed in " + text);
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static String unquoted(String text) {
        var stripped = text.strip();
        if (stripped.length() < 2 || stripped.charAt(0) != '\'' && stripped.charAt(0) != '"') {
            return stripped;
        }
        var quote = stripped.substring(0, 1);
        return stripped.endsWith(quote)
                ? stripped.substring(1, stripped.length() - 1).replace(quote + quote, quote)
                : stripped;
    }
}
