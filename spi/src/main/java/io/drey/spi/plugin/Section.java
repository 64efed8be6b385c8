package io.drey.spi.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.config.FlinkDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads one map of a plugin's configuration, and notes all that is wrong with it by the path of the field:
 *
 * <pre>{@code
 * var problems = new ArrayList<String>();
 * var section = new Section("plugins.ingress", context.configuration(), problems);
 * var domain = section.text("domain");
 * section.refuseOthers();
 * if (!problems.isEmpty()) {
 *     throw new IllegalArgumentException(String.join("; ", problems));
 * }
 * }</pre>
 *
 * A field that cannot be used counts as if it were not there, so that all faults are found at once. For one thread.
 */
public final class Section {
    private final String path;
    private final JsonNode section;
    private final List<String> problems;
    private final Set<String> known = new TreeSet<>();

    /**
     * @param path for messages: {@code plugins.ingress}
     * @param problems is added to
     */
    public Section(String path, JsonNode section, List<String> problems) {
        this.path = path;
        this.problems = problems;
        if (!section.isObject()) {
            problems.add(path + ": must be a map of settings");
        }
        this.section = section.isObject() ? section : JsonNodeFactory.instance.objectNode();
    }

    /** Notes that a field is wrong, and what would be right. */
    public void problem(String field, String text) {
        problems.add(path + '.' + field + ": " + text);
    }

    /** Whether the field is there, and not null. */
    public boolean has(String field) {
        return !node(field).isMissingNode();
    }

    /** Text that is not blank, without the space around it. */
    public Optional<String> text(String field) {
        var node = node(field);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (!node.isValueNode() || node.asText().isBlank()) {
            problem(field, "must be text");
            return Optional.empty();
        }
        return Optional.of(node.asText().strip());
    }

    /** The entries of a list; none when the field is not there. */
    public List<JsonNode> list(String field) {
        var node = node(field);
        if (!node.isMissingNode() && !node.isArray()) {
            problem(field, "must be a list");
            return List.of();
        }
        var entries = new ArrayList<JsonNode>();
        node.forEach(entries::add);
        return entries;
    }

    /** A list of texts. */
    public List<String> texts(String field) {
        var texts = new ArrayList<String>();
        for (var entry : list(field)) {
            if (entry.isValueNode() && !entry.asText().isBlank()) {
                texts.add(entry.asText().strip());
            } else {
                problem(field, "must be a list of texts");
            }
        }
        return texts;
    }

    /** A duration in Flink's syntax, more than nothing and at most {@code most}. */
    public Duration duration(String field, Duration fallback, Duration most) {
        var text = text(field);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            var duration = FlinkDuration.parse(text.get());
            if (!duration.isNegative() && !duration.isZero() && duration.compareTo(most) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below.
        }
        problem(
                field,
                "found '" + text.get() + "', must be a duration such as 10 s, of " + most.toMinutes()
                        + " min at the most");
        return fallback;
    }

    /** A whole number from 1 to {@code most}. */
    public int integer(String field, int fallback, int most) {
        var node = node(field);
        if (node.isMissingNode()) {
            return fallback;
        }
        if (node.asText().matches("\\d{1,9}")) {
            int value = Integer.parseInt(node.asText());
            if (value >= 1 && value <= most) {
                return value;
            }
        }
        problem(field, "found '" + node.asText() + "', must be a whole number from 1 to " + most);
        return fallback;
    }

    /** The maps in a map, by field name; none when the field is not there. */
    public Map<String, Section> sections(String field) {
        var node = node(field);
        if (!node.isMissingNode() && !node.isObject()) {
            problem(field, "must be a map");
            return Map.of();
        }
        Map<String, Section> sections = new LinkedHashMap<>();
        node.fieldNames()
                .forEachRemaining(name ->
                        sections.put(name, new Section(path + '.' + field + '.' + name, node.path(name), problems)));
        return sections;
    }

    /** A map in the map; an empty one when the field is not there. */
    public Section section(String field) {
        var node = node(field);
        return new Section(
                path + '.' + field, node.isMissingNode() ? JsonNodeFactory.instance.objectNode() : node, problems);
    }

    /** A map of names to texts, numbers or truth values, as texts. */
    public Map<String, String> map(String field) {
        var node = node(field);
        if (!node.isMissingNode() && !node.isObject()) {
            problem(field, "must be a map");
            return Map.of();
        }
        Map<String, String> map = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (entry.getValue().isValueNode()) {
                map.put(entry.getKey(), entry.getValue().asText());
            } else {
                problem(field + '.' + entry.getKey(), "must be text");
            }
        });
        return map;
    }

    /** The field as it is; empty when it is not there. */
    public Optional<JsonNode> any(String field) {
        return has(field) ? Optional.of(node(field)) : Optional.empty();
    }

    /** What was not asked for until now is unknown. */
    public void refuseOthers() {
        section.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                problem(field, "there is no such setting. Known: " + String.join(", ", known));
            }
        });
    }

    private JsonNode node(String field) {
        known.add(field);
        var node = section.path(field);
        return node.isNull() ? section.path("\0") : node;
    }
}
