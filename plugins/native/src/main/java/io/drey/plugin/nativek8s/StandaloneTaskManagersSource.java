package io.drey.plugin.nativek8s;

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
        return new StandaloneTaskManagers(context.live(
                new ObjectKey("apps/v1", "Deployment", metadata.namespace(), metadata.name() + "-taskmanager")));
    }
}
