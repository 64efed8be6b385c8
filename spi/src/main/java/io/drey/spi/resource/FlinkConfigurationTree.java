package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Flink configuration as the user wrote it: a flat map, a tree, or a mixture with dots in keys at any level. The shape
 * is kept, since the recorded spec holds it as given; {@link #flatten} gives what Flink sees. Two trees of different
 * shape are not equal even if they flatten to the same.
 *
 * @param tree an object; not to be changed
 */
public record FlinkConfigurationTree(@JsonValue JsonNode tree) {
    /** Nothing configured. */
    public static final FlinkConfigurationTree EMPTY = new FlinkConfigurationTree(null);

    /**
     * @throws IllegalArgumentException if {@code tree} is neither an object nor null
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public FlinkConfigurationTree(@Nullable JsonNode tree) {
        this.tree = tree == null || tree.isNull() ? JsonNodeFactory.instance.objectNode() : tree;
        if (!this.tree.isObject()) {
            throw new IllegalArgumentException("must be a map of configuration keys to values, found "
                    + this.tree.getNodeType().toString().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** A flat tree of these keys and values. */
    public static FlinkConfigurationTree of(Map<String, String> flat) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        flat.forEach(tree::put);
        return new FlinkConfigurationTree(tree);
    }

    /** The same tree without this key, however it is spelled. */
    public FlinkConfigurationTree without(String key) {
        ObjectNode copy = tree.deepCopy();
        remove("", copy, key);
        return new FlinkConfigurationTree(copy);
    }

    /** The same tree with this value of the key, in place of any other spelling of it. */
    public FlinkConfigurationTree with(String key, String value) {
        ObjectNode copy = tree.deepCopy();
        remove("", copy, key);
        copy.put(key, value);
        return new FlinkConfigurationTree(copy);
    }

    private static void remove(String prefix, ObjectNode node, String key) {
        List<String> spelled = new ArrayList<>();
        for (var entry : node.properties()) {
            var name = prefix + entry.getKey();
            if (entry.getValue() instanceof ObjectNode nested) {
                if (key.startsWith(name + ".")) {
                    remove(name + ".", nested, key);
                }
            } else if (name.equals(key)) {
                spelled.add(entry.getKey());
            }
        }
        node.remove(spelled);
    }

    /**
     * Keys and values as Flink sees them, in the order of the tree. Keys of nested objects are joined with {@code .}, the
     * elements of a list with {@code ;}; an empty list or object leaves no key, and null is the text {@code null}. Of
     * two that give the same key the later wins.
     */
    public Map<String, String> flatten() {
        var flat = new LinkedHashMap<String, String>();
        flatten("", tree, flat);
        return Collections.unmodifiableMap(flat);
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> flat) {
        for (var entry : node.properties()) {
            var key = prefix + entry.getKey();
            var value = entry.getValue();
            if (value.isObject()) {
                flatten(key + ".", value, flat);
            } else if (!value.isArray()) {
                flat.put(key, value.asText());
            } else if (!value.isEmpty()) {
                var elements = new StringJoiner(";");
                value.forEach(element -> elements.add(element.isValueNode() ? element.asText() : element.toString()));
                flat.put(key, elements.toString());
            }
        }
    }
}
