package io.drey.spi;

import io.drey.spi.plan.Choice;
import java.time.Duration;
import java.util.Optional;

/**
 * Chooses, once per operation, how what runs is stopped and where the next run gets its state. From then on the choice is
 * data in {@code status.operation}, and the core carries it out, also when the plugin is gone.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: any, many at once. Pure.
 *
 * <p>Failure: what cannot be done now is a {@link Choice} of its own, with the reason. A strategy that throws is a bug: the
 * pass starts no operation and is tried again. When it is not sure that state is kept it must not choose: losing state is
 * worse than waiting.
 */
public interface UpgradeStrategy {
    /** As users write it: {@code stateless}, {@code savepoint}, {@code last-state}. Unique in a feature set. */
    String name();

    /** How to stop and restore. */
    Choice choose(Situation situation);

    /** For how long the job did not run when it was last upgraded; empty when that was not measured. */
    default Optional<Duration> lastDowntime(Situation situation) {
        return Optional.empty();
    }
}
