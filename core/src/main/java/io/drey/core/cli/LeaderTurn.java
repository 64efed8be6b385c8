package io.drey.core.cli;

import static java.util.Objects.requireNonNull;

import io.drey.core.config.OperatorConfig;
import io.drey.core.config.OperatorConfig.Election;
import io.drey.core.kubernetes.Leadership;
import io.drey.core.loop.Loop;
import io.drey.core.port.Ids;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/** With leader election, the turn of the leader; without it, now. A leader that may not be one any more ends at once. */
final class LeaderTurn implements Turn {
    private static final int LOST_THE_LEASE = 4;

    private final Optional<Election> election;
    private final Map<String, String> environment;
    private final KubernetesClient client;
    private final Loop loop;
    private final Ids ids;

    @Inject
    LeaderTurn(OperatorConfig config, Sources sources, KubernetesClient client, Loop loop, Ids ids) {
        this.election = config.election();
        this.environment = sources.environment();
        this.client = requireNonNull(client);
        this.loop = requireNonNull(loop);
        this.ids = requireNonNull(ids);
    }

    @Override
    public void await(Parts parts) {
        if (election.isEmpty()) {
            return;
        }
        var terms = terms(election.get(), environment, ids);
        var leadership =
                new Leadership(client, terms, () -> Runtime.getRuntime().halt(LOST_THE_LEASE));
        parts.add(leadership);
        // Closed before the lease is given back: the next leader must not meet a pass of this one.
        parts.add(loop::close);
        leadership.await();
    }

    /** @throws IllegalArgumentException without the namespace of the lease */
    static Leadership.Terms terms(Election election, Map<String, String> environment, Ids ids) {
        var namespace = environment.getOrDefault("OPERATOR_NAMESPACE", "");
        if (namespace.isBlank()) {
            throw new IllegalArgumentException(
                    "leader election needs the variable OPERATOR_NAMESPACE: the namespace of the lease");
        }
        return new Leadership.Terms(
                namespace,
                election.leaseName(),
                identity(environment, ids),
                election.lease(),
                election.renew(),
                election.retry());
    }

    /**
     * The pod's name, by which people find the leader. A host name that two processes may share is not enough, since each of
     * them would take the lease for its own: that of a node, and that of a machine without Kubernetes.
     */
    private static String identity(Map<String, String> environment, Ids ids) {
        var host = environment.getOrDefault("HOSTNAME", "");
        if (host.isBlank()) {
            return ids.fresh();
        }
        var podIp = environment.getOrDefault("POD_IP", "");
        boolean onHostNetwork = !podIp.isBlank() && podIp.equals(environment.get("HOST_IP"));
        return environment.containsKey("KUBERNETES_SERVICE_HOST") && !onHostNetwork ? host : host + "_" + ids.fresh();
    }
}
