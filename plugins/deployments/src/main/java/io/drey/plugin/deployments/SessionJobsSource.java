package io.drey.plugin.deployments;

import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.resource.FlinkSessionJob;
import java.util.Map;

/** Reads which FlinkSessionJobs name a session cluster: live, and only when the cluster is deleted. */
final class SessionJobsSource implements FactSource<SessionJobs> {
    @Override
    public FactType<SessionJobs> factType() {
        return SessionJobs.TYPE;
    }

    @Override
    public SessionJobs read(ObserveContext context) {
        var metadata = context.resource().metadata();
        var type = FlinkSessionJob.TYPE;
        return new SessionJobs(context.live(type.apiVersion(), type.kind(), metadata.namespace(), Map.of()).stream()
                .filter(job -> job.at("/spec/deploymentName").asText().equals(metadata.name()))
                .map(job -> job.at("/metadata/name").asText())
                .toList());
    }
}
