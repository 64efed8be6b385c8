package io.drey.core.metrics;

import java.util.SortedMap;
import java.util.TreeMap;

/** The labels of a sample, by name. No value of a label may come from a user's resource: their number is unbounded. */
public record Labels(SortedMap<String, String> byName) implements Comparable<Labels> {
    /** No labels. */
    public static final Labels NONE = new Labels(new TreeMap<>());

    /** One label. */
    public static Labels of(String name, String value) {
        return NONE.with(name, value);
    }

    /** With one more label. */
    public Labels with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(byName);
        more.put(name, value);
        return new Labels(more);
    }

    @Override
    public int compareTo(Labels other) {
        return toString().compareTo(other.toString());
    }

    /** As Prometheus reads them: nothing, or {@code {name="value"}}. */
    @Override
    public String toString() {
        if (byName.isEmpty()) {
            return "";
        }
        var text = new StringBuilder("{");
        byName.forEach((name, value) -> text.append(text.length() == 1 ? "" : ",")
                .append(name)
                .append("=\"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                .append('"'));
        return text.append('}').toString();
    }
}
