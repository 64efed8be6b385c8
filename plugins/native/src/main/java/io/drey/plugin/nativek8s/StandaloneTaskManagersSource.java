package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.plan.ObjectKey;

/** Reads the Deployment of TaskManagers in standalone mode: live, and only when the cluster is stopped. */
final class StandaloneTaskManagersSource implements FactSource<StandaloneTaskManagers> {
    @Override
    public FactType<StandaloneTaskManagers> factType() {
        return StandaloneTaskManagers.TYPE;
    }

    @Override
    public StandaloneTaskManagers read(ObserveContext context) {
        var metadata = context.resource().metadata();
        var key = new ObjectKey("apps/v1", "Deployment", metadata.namespace(), metadata.name() + "-taskmanager");
        return new StandaloneTaskManagers(context.live(key)
                .filter(deployment -> isTaskManagerOf(metadata.name(), deployment.at("/metadata/labels"))));
    }

    /** The JobManager of another cluster may have this name. */
    private static boolean isTaskManagerOf(String cluster, JsonNode labels) {
        return labels.path("app").asText().equals(cluster)
                && labels.path("component").asText().equals("taskmanager");
    }
}
