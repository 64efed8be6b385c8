package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.EffectId;
import io.drey.spi.plan.Outcome;
import java.time.Instant;

/**
 * A new kind of effect. Not pure: this is where it happens.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: that of the pass, many passes at once. At least once per
 * step: it finds its earlier work by the effect's id, and has the effect of once, also over a restart of the operator.
 *
 * <p>Failure: {@link Outcome.Failed} says what kind of failure it is, and with it when it is tried again. An exception is a
 * bug: the outcome is not known, and the step is performed again.
 */
public interface StepHandler {
    /** As in {@link io.drey.spi.plan.Step.External#handler}. Unique in a feature set. */
    String name();

    /**
     * Carries the step out, or says that it is under way.
     *
     * @param payload as the proposer wrote it into the step
     * @param id the same for each attempt
     * @param deadline when it must have returned at the latest: the worker waits for it
     */
    Outcome perform(JsonNode payload, EffectId id, Instant deadline);
}
