package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.config.FlinkDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one map of the configuration, and notes all that is wrong with it by the path of the field. */
final class Settings {
    private final String path;
    private final JsonNode section;
    private final List<String> problems;
    private final Set<String> known = new TreeSet<>();

    Settings(String path, JsonNode section, List<String> problems) {
        this.path = path;
        this.problems = problems;
        if (!section.isObject()) {
            problems.add(path + ": must be a map of settings");
        }
        this.section = section.isObject() ? section : JsonNodeFactory.instance.objectNode();
    }

    void problem(String field, String text) {
        problems.add(path + '.' + field + ": " + text);
    }

    boolean has(String field) {
        return !node(field).isMissingNode();
    }

    Optional<String> text(String field) {
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

    List<JsonNode> list(String field) {
        var node = node(field);
        if (!node.isMissingNode() && !node.isArray()) {
            problem(field, "must be a list");
            return List.of();
        }
        var entries = new ArrayList<JsonNode>();
        node.forEach(entries::add);
        return entries;
    }

    List<String> texts(String field) {
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

    Duration duration(String field, Duration fallback, Duration most) {
        var text = text(field);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            var duration = FlinkDuration.parse(text.get());
            if (duration.isPositive() && duration.compareTo(most) <= 0) {
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

    int integer(String field, int fallback, int most) {
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

    /** What was not asked for until now is unknown. */
    void refuseOthers() {
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
