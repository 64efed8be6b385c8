package io.drey.plugin.unattended;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.plan.FlinkRef;
import java.util.Optional;

/**
 * The session cluster of a FlinkSessionJob whose deletion may have to wait for it.
 *
 * @param flink where its JobManager is; empty when there is none, or all goes with the namespace
 * @param config of the cluster, with that of the job over it
 * @param available whether Kubernetes calls a JobManager available, so that it may run jobs though it does not answer
 * @param polled whether the JobManager was polled since the operator started
 */
record SessionCluster(Optional<FlinkRef> flink, FlinkConfig config, boolean available, boolean polled, FlinkJobs jobs) {
    /** This fact. */
    static final FactType<SessionCluster> TYPE = new FactType<>("session-cluster", SessionCluster.class);

    /** There is none that could run a job. */
    static final SessionCluster NONE =
            new SessionCluster(Optional.empty(), FlinkConfig.EMPTY, false, true, FlinkJobs.UNREACHABLE);
}
