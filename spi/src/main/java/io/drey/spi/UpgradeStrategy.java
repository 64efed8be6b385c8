package io.drey.spi;

import io.drey.spi.plan.Choice;

/**
 * Chooses, once per operation, how what runs is stopped and where the next run gets its state. Pure. From then on the
 * choice is data in {@code status.operation}, and the core carries it out.
 */
public interface UpgradeStrategy {
    /** As users write it: {@code stateless}, {@code savepoint}, {@code last-state}. Unique in a feature set. */
    String name();

    /** How to stop and restore. */
    Choice choose(Situation situation);
}
