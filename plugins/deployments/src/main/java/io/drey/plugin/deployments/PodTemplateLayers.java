package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.TaskManagerSpec;
import java.util.Optional;
import java.util.Set;

/** Pod templates: {@code spec.podTemplate}, and over it the JobManager's or the TaskManager's own. */
final class PodTemplateLayers implements Decorator<Decorator.PodTemplates> {
    private static final ConfigKey<Boolean> BY_NAME = OperatorKeys.MERGE_BY_NAME;

    @Override
    public Phase<PodTemplates> phase() {
        return Phase.PODS;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public PodTemplates decorate(PodTemplates templates, Situation situation) {
        var spec = (FlinkDeploymentSpec) situation.admitted().orElseThrow().spec();
        boolean byName = situation.config().get(BY_NAME);
        return new PodTemplates(
                layered(
                        templates.jobManager(),
                        spec.podTemplate(),
                        spec.jobManager().flatMap(JobManagerSpec::podTemplate),
                        byName),
                layered(
                        templates.taskManager(),
                        spec.podTemplate(),
                        spec.taskManager().flatMap(TaskManagerSpec::podTemplate),
                        byName));
    }

    private static ObjectNode layered(
            ObjectNode ground, Optional<JsonNode> base, Optional<JsonNode> own, boolean byName) {
        var merged = ground.deepCopy();
        base.filter(JsonNode::isObject).ifPresent(layer -> merge(merged, (ObjectNode) layer, byName));
        own.filter(JsonNode::isObject).ifPresent(layer -> merge(merged, (ObjectNode) layer, byName));
        // Old resources hold a whole Pod here.
        merged.retain("metadata", "spec");
        return merged;
    }

    private static void merge(ObjectNode into, ObjectNode layer, boolean byName) {
        layer.properties().forEach(entry -> {
            var value = entry.getValue();
            var present = into.path(entry.getKey());
            if (value.isObject() && present.isObject()) {
                merge((ObjectNode) present, (ObjectNode) value, byName);
            } else if (value.isArray() && present.isArray()) {
                into.set(entry.getKey(), mergeArrays((ArrayNode) present, (ArrayNode) value, byName));
            } else if (!value.isNull()) {
                into.set(entry.getKey(), value.deepCopy());
            }
        });
    }

    private static ArrayNode mergeArrays(ArrayNode base, ArrayNode layer, boolean byName) {
        boolean named = byName && allNamed(base) && allNamed(layer);
        var merged = JsonNodeFactory.instance.arrayNode();
        base.forEach(element -> merged.add(element.deepCopy()));
        for (int i = 0; i < layer.size(); i++) {
            var element = layer.get(i);
            int at = named ? indexOf(merged, element.path("name").asText()) : i;
            if (at < 0 || at >= merged.size()) {
                merged.add(element.deepCopy());
            } else if (merged.get(at).isObject() && element.isObject()) {
                merge((ObjectNode) merged.get(at), (ObjectNode) element, byName);
            } else {
                merged.set(at, element.deepCopy());
            }
        }
        return merged;
    }

    private static boolean allNamed(ArrayNode array) {
        for (var element : array) {
            if (!element.path("name").isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(ArrayNode array, String name) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).path("name").asText().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
