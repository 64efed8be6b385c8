package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;

/** Events as Kubernetes stores them. Equal ones have equal names, so that they fold into one (S028, S030). */
final class EventManifest {
    private static final int MAX_MESSAGE = 8192;

    private EventManifest() {}

    static ObjectNode of(CustomResource about, ResourceType type, Event event, Instant now) {
        var meta = about.metadata();
        return of(new ObjectKey(type.apiVersion(), type.kind(), meta.namespace(), meta.name()), meta.uid(), event, now);
    }

    static ObjectNode of(ObjectKey about, String uid, Event event, Instant now) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("apiVersion", "v1").put("kind", "Event");
        var own = manifest.withObject("/metadata");
        own.put("namespace", about.namespace()).put("name", name(about, uid, event));
        if (!event.annotations().isEmpty()) {
            event.annotations().forEach(own.withObject("/annotations")::put);
        }
        manifest.withObject("/involvedObject")
                .put("apiVersion", about.apiVersion())
                .put("kind", about.kind())
                .put("namespace", about.namespace())
                .put("name", about.name())
                .put("uid", uid);
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
    private static String name(ObjectKey about, String uid, Event event) {
        var identity = event.reason()
                + event.key().orElse(event.message())
                + event.type().wire()
                + about.kind()
                + about.name()
                + uid;
        return event.component().toLowerCase(Locale.ROOT) + "." + (identity.hashCode() & 0x7fffffff);
    }
}
