package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.CustomResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Clusters whose TaskManagers are a Deployment of their own, as another operator made them: none is launched, and they can be
 * stopped and deleted.
 */
final class StandaloneDeployer implements Deployer {
    private static final Step GONE =
            new Step.Await("the Deployments of JobManagers and TaskManagers are gone", Duration.ofSeconds(2));

    private final NativeDeployer nativeClusters;

    @Inject
    StandaloneDeployer(ClusterManifests manifests) {
        this.nativeClusters = new NativeDeployer(manifests);
    }

    @Override
    public String name() {
        return "standalone";
    }

    @Override
    public List<ObjectNode> render(Launch launch) {
        throw new IllegalArgumentException(
                "spec.mode: found standalone, which this version does not launch yet. What runs goes on, and can be suspended"
                        + " or deleted. Use native for a new cluster");
    }

    @Override
    public List<Step> teardown(Situation situation, Operation operation) {
        var objects = situation.facts().get(ClusterObjects.TYPE);
        var taskManagers = situation.facts().get(StandaloneTaskManagers.TYPE).deployment();
        var propagation = NativeDeployer.propagation(situation, operation);
        boolean gone = objects.jobManager().isEmpty()
                && taskManagers.isEmpty()
                && (propagation == Propagation.ORPHAN || objects.pods().isEmpty());
        if (gone) {
            return List.of();
        }
        // JobManagers go first, so that none takes the loss of its TaskManagers for a failure of the job.
        boolean managersGone = objects.jobManager().isEmpty()
                        && (propagation == Propagation.ORPHAN || objects.pods().isEmpty())
                || !situation.now().isBefore(operation.phaseAt().plus(NativeDeployer.FIRST_STOP));
        List<Step> steps = new ArrayList<>();
        Stream.concat(objects.jobManager().stream(), taskManagers.filter(deployment -> managersGone).stream())
                .filter(deployment -> !HighAvailabilityMaps.isTerminating(deployment))
                .map(deployment -> delete(deployment, propagation))
                .forEach(steps::add);
        steps.add(GONE);
        return steps;
    }

    private static Step delete(JsonNode deployment, Propagation propagation) {
        return new Step.Delete(
                ObjectKey.of(deployment),
                deployment.path("metadata").path("uid").asText(),
                propagation);
    }

    /** A cluster that is stopped may be launched again, by another operator. */
    @Override
    public List<Step> clear(Situation situation, Operation operation) {
        return operation.cause() == Cause.DELETE ? nativeClusters.clear(situation, operation) : List.of();
    }

    @Override
    public FlinkRef flink(CustomResource resource, FlinkConfig config) {
        return nativeClusters.flink(resource, config);
    }
}
