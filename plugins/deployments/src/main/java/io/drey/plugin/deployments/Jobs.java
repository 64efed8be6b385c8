package io.drey.plugin.deployments;

import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import java.util.Set;

/** Which states of a job are its last, and what becomes of the others when nobody can tell any more. */
final class Jobs {
    private static final Set<FlinkJobState> TERMINAL =
            Set.of(FlinkJobState.CANCELED, FlinkJobState.FAILED, FlinkJobState.FINISHED);

    private Jobs() {}

    static boolean terminal(FlinkJobState state) {
        return TERMINAL.contains(state);
    }

    /** Whether the job has ended. */
    static boolean ended(FlinkDeploymentStatus status) {
        return status.jobStatus().state().filter(Jobs::terminal).isPresent();
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
}
