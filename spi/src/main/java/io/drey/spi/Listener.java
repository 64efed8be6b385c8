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
 * Is told what a pass did. It can neither hold up nor change anything.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: one, which all listeners share, so a listener that has
 * something slow to do needs a thread of its own (see {@link FeaturePlugin} for how it ends). Reports of one resource come
 * in the order of its passes, after the fact; the heap that waiting reports occupy is bounded, and a report that
 * finds no room is dropped and counted.
 *
 * <p>Failure: counted and logged, no more; the report is not told again.
 */
public interface Listener {
    /** A pass has ended that did or changed something. */
    void onReport(ReconcileReport report);

    /**
     * @param uid tells a resource from an earlier one of the same name
     * @param generation of the spec that the pass saw
     * @param at when the pass began
     * @param took how long the pass took
     * @param statusBefore as it was loaded; not to be changed
     * @param statusAfter as it is stored now; not to be changed
     * @param plan what there was to do
     * @param outcomes of the steps that were carried out, in order
     * @param events that were written
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
