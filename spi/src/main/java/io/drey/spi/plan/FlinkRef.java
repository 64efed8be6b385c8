package io.drey.spi.plan;

import static java.util.Objects.requireNonNull;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.ResourceRef;

/**
 * Where a JobManager's REST API is.
 *
 * @param namespace of the cluster
 * @param clusterId the Flink cluster id, the name of the JobManager Deployment
 * @param port of the service {@code <clusterId>-rest}
 */
public record FlinkRef(String namespace, String clusterId, int port) {
    private static final ConfigKey<Integer> PORT = ConfigKey.integer("rest.port", 8081, "web.port");

    public FlinkRef {
        requireNonNull(namespace, "namespace");
        requireNonNull(clusterId, "clusterId");
    }

    /**
     * That of a cluster.
     *
     * @param cluster whose name is the Flink cluster id
     * @param config that it runs with; a port that is none counts as Flink's default
     */
    public static FlinkRef of(ResourceRef cluster, FlinkConfig config) {
        return new FlinkRef(cluster.namespace(), cluster.name(), config.orFallback(PORT));
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
