package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.spi.Listener.ReconcileReport;

/** Takes reports to listeners. Never blocks, never throws. */
@FunctionalInterface
public interface Reports {
    /**
     * Hands a report to the listeners of this feature set, later.
     *
     * @param generation that the feature set belongs to; entered again for as long as the report waits
     */
    void tell(ReconcileReport report, FeatureSet features, Entered generation);
}
