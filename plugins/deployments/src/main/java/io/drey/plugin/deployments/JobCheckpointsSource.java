package io.drey.plugin.deployments;

import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.FlinkDeployment;

/**
 * Reads what Flink knows of the job's checkpoints: when the job is seen to have ended, since its last one must be known
 * before the JobManager goes, and on demand.
 */
final class JobCheckpointsSource implements FactSource<JobCheckpoints> {
    @Override
    public FactType<JobCheckpoints> factType() {
        return JobCheckpoints.TYPE;
    }

    @Override
    public boolean when(Situation situation) {
        return situation.resource() instanceof FlinkDeployment resource
                && !Jobs.ended(resource.status())
                && situation
                        .facts()
                        .find(FlinkJobs.TYPE)
                        .flatMap(flink -> resource.status().jobStatus().jobId().flatMap(flink::job))
                        .filter(FlinkJobs.Job::ended)
                        .isPresent();
    }

    @Override
    public JobCheckpoints read(ObserveContext context) {
        var resource = (FlinkDeployment) context.resource();
        return resource.status()
                .jobStatus()
                .jobId()
                .map(id -> context.checkpoints(
                        FlinkRef.of(resource.ref(), context.situation().deployedConfig()), id))
                .orElse(JobCheckpoints.unread(""));
    }
}
