package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Plan;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Reports of passes, for tests. */
final class Reports {
    private Reports() {}

    static ReconcileReport report(ResourceRef resource, JsonNode before, JsonNode after, Event... events) {
        return new ReconcileReport(
                resource, "uid", 1, Instant.EPOCH, Duration.ZERO, before, after, Plan.EMPTY, Map.of(), List.of(events));
    }

    static ReconcileReport report(String kind, JsonNode before, JsonNode after, Event... events) {
        return report(new ResourceRef(kind, "tests", "job"), before, after, events);
    }

    /** Of a pass over a FlinkDeployment that wrote one event. */
    static ReconcileReport of(Event event) {
        var same = JsonNodeFactory.instance.objectNode();
        return report("FlinkDeployment", same, same, event);
    }

    static JsonNode status(String field, String value) {
        return JsonNodeFactory.instance.objectNode().put(field, value);
    }
}
