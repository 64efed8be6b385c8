package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.EffectId;
import io.drey.spi.plan.Outcome;
import java.time.Instant;

/**
 * A new kind of effect. Not pure: this is where it happens. Called off the pass's worker, at least once per step: it
 * finds its earlier work by the effect's id, and has the effect of once.
 */
public interface StepHandler {
    /** As in {@link io.drey.spi.plan.Step.External#handler}. Unique in a feature set. */
    String name();

    /** Carries the step out, or says that it is under way. Returns before {@code deadline}. */
    Outcome perform(JsonNode payload, EffectId id, Instant deadline);
}
