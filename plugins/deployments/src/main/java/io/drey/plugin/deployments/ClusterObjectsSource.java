package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FactType;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.ReconciliationState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the JobManager Deployment and its pods: from the cache in steady state, live while an operation runs and before
 * anything is said about an absence or about no replicas.
 */
final class ClusterObjectsSource implements FactSource<ClusterObjects> {
    /** The type tells Flink's pods, native or standalone, from others that have such a component. */
    private static final Map<String, String> JOB_MANAGER = Map.of("component", "jobmanager", "type", "");

    private final FailedMounts mounts = new FailedMounts();

    @Override
    public FactType<ClusterObjects> factType() {
        return ClusterObjects.TYPE;
    }

    @Override
    public List<Watch> needs() {
        var kind = FlinkDeployment.TYPE.kind();
        return List.of(
                new Watch("apps/v1", "Deployment", JOB_MANAGER, "app", kind)
                        .reading("/metadata", "/spec/replicas", "/status"),
                new Watch("v1", "Pod", JOB_MANAGER, "app", kind).reading(PodProblem.READS));
    }

    @Override
    public boolean when(Situation situation) {
        if (!(situation.resource() instanceof FlinkDeployment resource)) {
            return false;
        }
        return situation.operation().isPresent()
                || resource.metadata().deleting()
                || situation
                        .deployed()
                        .map(deployed -> Recorded.running((FlinkDeploymentSpec) deployed.spec()) || upgrading(resource))
                        .orElse(false);
    }

    private static boolean upgrading(FlinkDeployment resource) {
        return resource.status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING);
    }

    @Override
    public ClusterObjects read(ObserveContext context) {
        var resource = (FlinkDeployment) context.resource();
        var namespace = resource.metadata().namespace();
        var name = resource.metadata().name();
        var key = new ObjectKey("apps/v1", "Deployment", namespace, name);
        var labels = Map.of("app", name, "component", "jobmanager");
        var cached = steady(resource, context.situation())
                ? context.cached(key).filter(ClusterObjectsSource::wanted)
                : Optional.<JsonNode>empty();
        var deployment = cached.isPresent() ? cached : context.live(key);
        var pods = cached.isPresent()
                ? context.cached("v1", "Pod", namespace, labels)
                : context.live("v1", "Pod", namespace, labels);
        return new ClusterObjects(deployment, pods, mounts.failed(deployment, pods, context));
    }

    /** A cache that lags may still have the Deployment that the last operation scaled down before it deleted it. */
    private static boolean wanted(JsonNode deployment) {
        return deployment.path("spec").path("replicas").asInt(1) > 0;
    }

    /** Whether the cache will do. Absence is confirmed by a live read in any case. */
    private static boolean steady(FlinkDeployment resource, Situation situation) {
        return situation.operation().isEmpty() && !resource.metadata().deleting() && !upgrading(resource);
    }
}
