package io.drey.core.flink;

import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where a JobManager's REST API is reached from here. */
@FunctionalInterface
public interface Endpoints {
    /** Its address; empty when it is not known (yet). */
    Optional<URI> of(FlinkRef flink);

    /** The same, for who must not wait: finding an address may wait for the API server, which must hold up nobody else. */
    default CompletableFuture<Optional<URI>> later(FlinkRef flink) {
        return CompletableFuture.supplyAsync(() -> of(flink), Thread::startVirtualThread);
    }

    /** By service name: from a pod of the cluster. */
    static Endpoints inCluster() {
        return flink ->
                Optional.of(URI.create("http://" + flink.service() + "." + flink.namespace() + ":" + flink.port()));
    }

    /** By the service's address: from a machine that knows no names of the cluster. */
    static Endpoints byServiceAddress(KubernetesApi api) {
        return flink -> {
            try {
                return api.get(new ObjectKey("v1", "Service", flink.namespace(), flink.service()))
                        .map(service -> service.path("spec").path("clusterIP").asText())
                        .filter(address -> !address.isEmpty() && !address.equals("None"))
                        .map(address -> URI.create("http://" + address + ":" + flink.port()));
            } catch (KubernetesError e) {
                return Optional.empty();
            }
        };
    }
}
