package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import org.apache.flink.kubernetes.kubeclient.FlinkPod;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Container;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Pod;

/** A pod as Flink's decorators take it, with its main container apart, from a template and back. */
final class PodShape {
    private final FlinkModel model;

    @Inject
    PodShape(FlinkModel model) {
        this.model = model;
    }

    /** @param what the template is of, for people */
    FlinkPod fromTemplate(JsonNode template, String what) {
        var pod = JsonNodeFactory.instance.objectNode();
        pod.set("metadata", objectOrEmpty(template.path("metadata")));
        var spec = objectOrEmpty(template.path("spec"));
        pod.set("spec", spec);
        var main = JsonNodeFactory.instance.objectNode();
        if (spec.path("containers") instanceof ArrayNode containers) {
            var others = JsonNodeFactory.instance.arrayNode();
            for (var container : containers) {
                if (MainContainer.is(container)) {
                    main = objectOrEmpty(container);
                } else {
                    others.add(container);
                }
            }
            spec.set("containers", others);
        }
        return new FlinkPod(
                model.toFlink(pod, Pod.class, what), model.toFlink(main, Container.class, what + ", main container"));
    }

    /** The whole pod. */
    ObjectNode complete(FlinkPod pod) {
        var rendered = model.fromFlink(pod.getPodWithoutMainContainer());
        rendered.withObject("/spec").withArrayProperty("containers").add(model.fromFlink(pod.getMainContainer()));
        return rendered;
    }

    private static ObjectNode objectOrEmpty(JsonNode node) {
        return node instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
    }
}
