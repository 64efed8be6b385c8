package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Is told what a pass did. Called on a thread of the listener's own, in the order of the passes of a resource, after the
 * fact; a queue in between is bounded, and reports that find it full are dropped and counted. A failure is counted, no
 * more.
 */
public interface Listener {
    /** A pass has ended that did or changed something. */
    void onReport(ReconcileReport report);

    /**
     * @param statusBefore as it was loaded
     * @param statusAfter as it is stored now
     * @param took how long the pass took
     */
    record ReconcileReport(
            ResourceRef resource,
            String uid,
            long generation,
            Instant at,
            Duration took,
            JsonNode statusBefore,
            JsonNode statusAfter,
            Plan plan,
            Map<Step, Outcome> outcomes,
            List<Event> events) {}
}
