package io.drey.core.flink;

import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/** Looks up where a JobManager's REST API is reached from here. Takes as long as a name server or the API server does. */
@FunctionalInterface
public interface Endpoints {
    /**
     * Its address, as numbers: the client would ask the name server for a name at each request.
     *
     * @return empty when there is none (yet)
     * @throws RuntimeException when that is not known
     */
    Optional<URI> of(FlinkRef flink);

    /** By service name: from a pod of the cluster. */
    static Endpoints inCluster() {
        return flink -> resolved(flink.service() + "." + flink.namespace(), flink.port());
    }

    private static Optional<URI> resolved(String host, int port) {
        try {
            var address = InetAddress.getByName(host);
            var literal =
                    address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
            return Optional.of(URI.create("http://" + literal + ":" + port));
        } catch (UnknownHostException e) {
            // "Temporary failure in name resolution": there is no answer.
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("temporary")) {
                throw new UncheckedIOException(e);
            }
            return Optional.empty();
        }
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
                throw new IllegalStateException("the API server does not tell the address of " + flink, e);
            }
        };
    }
}
