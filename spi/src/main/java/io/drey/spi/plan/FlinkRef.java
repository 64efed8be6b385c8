package io.drey.spi.plan;

import static java.util.Objects.requireNonNull;

/**
 * Where a JobManager's REST API is.
 *
 * @param namespace of the cluster
 * @param clusterId the Flink cluster id, the name of the JobManager Deployment
 * @param port of the service {@code <clusterId>-rest}
 */
public record FlinkRef(String namespace, String clusterId, int port) {
    public FlinkRef {
        requireNonNull(namespace, "namespace");
        requireNonNull(clusterId, "clusterId");
    }

    /** The REST service's name in its namespace. */
    public String service() {
        return clusterId + "-rest";
    }

    @Override
    public String toString() {
        return namespace + "/" + clusterId;
    }
}
