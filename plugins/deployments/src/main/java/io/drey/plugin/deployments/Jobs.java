package io.drey.plugin.deployments;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;

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

    /**
     * Whether the tasks of a job run: it is {@code RUNNING} for Flink as soon as slots were asked for. Tasks that have finished
     * count. The stages of a batch job take turns for the slots, so one running task is enough. Unknown tasks count as running.
     */
    static boolean tasksRun(Job job, FlinkConfig config) {
        return job.tasks()
                .map(tasks -> tasks.settled() || tasks.running() > 0 && (tasks.created() > 0 || batch(config)))
                .orElse(true);
    }

    private static boolean batch(FlinkConfig config) {
        return config.get("execution.runtime-mode")
                .filter("BATCH"::equalsIgnoreCase)
                .isPresent();
    }

    /** The job's state is not known any more, unless it was its last. */
    static FlinkDeploymentStatus unknown(FlinkDeploymentStatus status) {
        return status.jobStatus().state().isEmpty() || ended(status)
                ? status
                : status.withJobStatus(status.jobStatus().withState(FlinkJobState.RECONCILING));
    }
}
