package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/**
 * Long texts of one object, each equal one held once. The status of a stable resource records its spec twice, as reconciled
 * and as stable: the two texts are the largest part of most resources.
 */
final class SharedTexts {
    private static final int SHORTEST = 64;

    private final Map<String, JsonNode> texts = new HashMap<>();

    private SharedTexts() {}

    /** Makes equal long texts below an object one node. */
    static void in(ObjectNode object) {
        new SharedTexts().share(object);
    }

    private JsonNode share(JsonNode node) {
        switch (node) {
            case ObjectNode object -> object.properties().forEach(field -> field.setValue(share(field.getValue())));
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, share(array.get(i)));
                }
            }
            default -> {}
        }
        return node.isTextual() && node.textValue().length() >= SHORTEST
                ? texts.computeIfAbsent(node.textValue(), first -> node)
                : node;
    }
}
