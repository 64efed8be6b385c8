package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.spi.Listener.ReconcileReport;

/** Takes reports to listeners. Never blocks, never throws. */
@FunctionalInterface
public interface Reports {
    /** Tells the listeners of this feature set, later. */
    void tell(ReconcileReport report, FeatureSet features);
}
