package io.drey.plugin.deployments;

import io.drey.spi.Situation;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import java.util.Optional;

/** What a status says of a job, and what becomes of that when nobody can tell any more. */
final class Jobs {
    private Jobs() {}

    /** Whether the job has ended. */
    static boolean ended(FlinkDeploymentStatus status) {
        return status.jobStatus()
                .state()
                .filter(FlinkJobState::isGloballyTerminal)
                .isPresent();
    }

    /** Whether the job is known to run. */
    static boolean running(FlinkDeploymentStatus status) {
        return status.jobStatus().state().filter(FlinkJobState.RUNNING::equals).isPresent();
    }

    /** The job's state is not known any more, unless it was its last. */
    static FlinkDeploymentStatus unknown(FlinkDeploymentStatus status) {
        return status.jobStatus().state().isEmpty() || ended(status)
                ? status
                : status.withJobStatus(status.jobStatus().withState(FlinkJobState.RECONCILING));
    }

    /** The job of a resource in Flink's list, as it was seen since its launch. */
    static Optional<Job> listed(Situation situation, FlinkDeploymentStatus status) {
        return situation
                .sinceLaunch(FlinkJobs.TYPE, status)
                .flatMap(seen -> status.jobStatus().jobId().flatMap(seen::job));
    }
}
