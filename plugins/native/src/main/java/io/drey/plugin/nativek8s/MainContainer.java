package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The container that runs Flink, in a pod template. */
final class MainContainer {
    static final String NAME = "flink-main-container";

    private MainContainer() {}

    /** Of a template that may be changed: made if it is not there. */
    static ObjectNode in(ObjectNode template) {
        var containers = template.withObject("/spec").withArrayProperty("containers");
        for (var container : containers) {
            if (container instanceof ObjectNode found && is(found)) {
                return found;
            }
        }
        return containers.addObject().put("name", NAME);
    }

    static boolean is(JsonNode container) {
        return container.path("name").asText().equals(NAME);
    }
}
