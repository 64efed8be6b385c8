package io.drey.plugin.unattended;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkSessionJob;
import io.drey.spi.resource.ResourceMapper;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads the session cluster of a FlinkSessionJob: live, and only when the job is deleted. */
final class SessionClusterSource implements FactSource<SessionCluster> {
    private static final Duration POLL = Duration.ofSeconds(2);

    private final ResourceMapper mapper;

    @Inject
    SessionClusterSource(ResourceMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public FactType<SessionCluster> factType() {
        return SessionCluster.TYPE;
    }

    @Override
    public SessionCluster read(ObserveContext context) {
        var job = (FlinkSessionJob) context.resource();
        var namespace = job.metadata().namespace();
        var name = job.spec().deploymentName().orElse("");
        if (name.isEmpty() || terminating(context, namespace)) {
            return SessionCluster.NONE;
        }
        var type = FlinkDeployment.TYPE;
        var resource = context.live(new ObjectKey(type.apiVersion(), type.kind(), namespace, name));
        var manager = context.live(new ObjectKey("apps/v1", "Deployment", namespace, name))
                .filter(deployment -> !leaving(deployment));
        if (resource.isEmpty() || manager.isEmpty()) {
            return SessionCluster.NONE;
        }
        var cluster = mapper.deployment(resource.get());
        var config = context.situation()
                .config()
                .with(new FlinkConfig(cluster.spec().flinkConfiguration().flatten()))
                .with(new FlinkConfig(job.spec().flinkConfiguration().flatten()));
        var flink = FlinkRef.of(cluster.ref(), config);
        var polled = context.flink(flink, POLL);
        boolean available = manager.get().at("/status/availableReplicas").asInt() > 0;
        return new SessionCluster(
                Optional.of(flink), config, available, !polled.at().equals(Instant.MIN), polled.jobs());
    }

    private static boolean terminating(ObserveContext context, String namespace) {
        try {
            return context.live(new ObjectKey("v1", "Namespace", "", namespace))
                    .filter(SessionClusterSource::leaving)
                    .isPresent();
        } catch (RuntimeException e) {
            // An operator of single namespaces may not read them.
            return false;
        }
    }

    private static boolean leaving(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }
}
