package io.drey.plugin.deployments;

import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.JobRequirements;
import io.drey.spi.fact.Projection;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.FlinkDeployment;
import java.time.Duration;

/** Reads the parallelism that Flink has been told to give to the job's vertices, while that is changed or to be. */
final class JobRequirementsSource implements FactSource<JobRequirements> {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Projection BOUNDS = Projection.of("/*/parallelism/*");

    @Override
    public FactType<JobRequirements> factType() {
        return JobRequirements.TYPE;
    }

    @Override
    public boolean when(Situation situation) {
        return situation.resource() instanceof FlinkDeployment
                && situation.operation().filter(Operation::inPlace).isPresent();
    }

    @Override
    public JobRequirements read(ObserveContext context) {
        var resource = (FlinkDeployment) context.resource();
        var jobId = resource.status().jobStatus().jobId().orElse("");
        if (jobId.isEmpty()) {
            return JobRequirements.unread(jobId);
        }
        var flink = FlinkRef.of(resource.ref(), context.situation().deployedConfig());
        return context.document(flink, DocumentQuery.of("/jobs/" + jobId + "/resource-requirements", EVERY, BOUNDS))
                .body()
                .map(answer -> JobRequirements.of(jobId, answer))
                .orElseGet(() -> JobRequirements.unread(jobId));
    }
}
