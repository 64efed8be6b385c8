package io.drey.plugin.deployments;

import io.drey.spi.fact.FactType;

/**
 * Settings that the Apache operator's autoscaler has stored for a job.
 *
 * @param parallelism whether it has stored parallelism of vertices
 * @param memory whether it has stored memory of TaskManagers
 */
record AutoscalerState(boolean parallelism, boolean memory) {
    /** This fact. */
    static final FactType<AutoscalerState> TYPE = new FactType<>("autoscaler-state", AutoscalerState.class);
}
