package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind.Type;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.CustomResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;

/** Events as Kubernetes stores them. Equal ones have equal names, so that they fold into one (S028, S030). */
final class EventManifest {
    private static final int MAX_MESSAGE = 8192;

    private EventManifest() {}

    static ObjectNode of(CustomResource about, Type type, Event event, Instant now) {
        var meta = about.metadata();
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("apiVersion", "v1").put("kind", "Event");
        var own = manifest.withObject("/metadata");
        own.put("namespace", meta.namespace()).put("name", name(about, type, event));
        if (!event.annotations().isEmpty()) {
            event.annotations().forEach(own.withObject("/annotations")::put);
        }
        manifest.withObject("/involvedObject")
                .put("apiVersion", type.apiVersion())
                .put("kind", type.kind())
                .put("namespace", meta.namespace())
                .put("name", meta.name())
                .put("uid", meta.uid());
        manifest.withObject("/source").put("component", event.component());
        var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        manifest.put("type", event.type().wire())
                .put("reason", event.reason())
                .put(
                        "message",
                        event.message().length() <= MAX_MESSAGE
                                ? event.message()
                                : event.message().substring(0, MAX_MESSAGE))
                .put("firstTimestamp", time)
                .put("lastTimestamp", time)
                .put("count", 1)
                .put("reportingComponent", event.component())
                .put("reportingInstance", "");
        return manifest;
    }

    /** What changes when an event that is there happens again. */
    static ObjectNode again(JsonNode there, ObjectNode manifest) {
        ObjectNode merge = JsonNodeFactory.instance.objectNode();
        merge.put("count", there.path("count").asInt(1) + 1);
        merge.set("message", manifest.path("message"));
        merge.set("lastTimestamp", manifest.path("lastTimestamp"));
        return merge;
    }

    /** When it last happened, as text that sorts. */
    static String lastSeen(JsonNode event) {
        return Stream.of(
                        event.path("lastTimestamp"),
                        event.path("series").path("lastObservedTime"),
                        event.path("eventTime"),
                        event.path("metadata").path("creationTimestamp"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst()
                .orElse("");
    }

    /** Component and a hash of reason, message or key, type, kind, name and uid. */
    private static String name(CustomResource about, Type type, Event event) {
        var identity = event.reason()
                + event.key().orElse(event.message())
                + event.type().wire()
                + type.kind()
                + about.metadata().name()
                + about.metadata().uid();
        return event.component().toLowerCase(Locale.ROOT) + "." + (identity.hashCode() & 0x7fffffff);
    }
}
