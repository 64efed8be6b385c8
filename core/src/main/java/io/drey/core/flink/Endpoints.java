package io.drey.core.flink;

import io.drey.spi.plan.FlinkRef;
import java.net.URI;
import java.util.Optional;

/** Where a JobManager's REST API is reached from here. */
@FunctionalInterface
public interface Endpoints {
    /** Its address; empty when it is not known (yet). */
    Optional<URI> of(FlinkRef flink);

    /** By service name: from a pod of the cluster. */
    static Endpoints inCluster() {
        return flink ->
                Optional.of(URI.create("http://" + flink.service() + "." + flink.namespace() + ":" + flink.port()));
    }
}
