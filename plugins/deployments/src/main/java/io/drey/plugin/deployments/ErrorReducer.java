package io.drey.plugin.deployments;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import java.util.List;
import java.util.Optional;

/** {@code status.error}: what is wrong, told once, and forgotten when all is well again. */
final class ErrorReducer {
    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        var status = resource.status();
        var violations = turn.situation().violations();
        if (!violations.isEmpty()) {
            var text = violations.getFirst().text();
            var error = ErrorJson.validation(text);
            if (!status.error().equals(Optional.of(error))) {
                violations.forEach(violation -> events.add(event(violation)));
            }
            return resource.withStatus(status.withError(error));
        }
        if (turn.problem().isPresent()) {
            var problem = turn.problem().get();
            var error = ErrorJson.reconciliation(problem.code(), problem.message());
            if (!status.error().equals(Optional.of(error))) {
                events.add(Event.warning("JobManagerDeployment", "Error", problem.message()));
            }
            return resource.withStatus(status.withError(error));
        }
        return well(resource) ? resource.withStatus(status.withoutError()) : resource;
    }

    private static Event event(Violation violation) {
        return Event.warning("Operator", violation.reason(), violation.text());
    }

    private static boolean well(FlinkDeployment resource) {
        var status = resource.status();
        return !status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.ERROR)
                && status.jobStatus()
                        .state()
                        .filter(FlinkJobState.FAILED::equals)
                        .isEmpty()
                && status.reconciliationStatus().stable()
                && !missing(resource);
    }

    /** A JobManager that is missed stays an error, also of a spec that was stable before. */
    private static boolean missing(FlinkDeployment resource) {
        return resource.status().jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.MISSING)
                && resource.status()
                        .error()
                        .filter(error -> error.contains("MissingJobManager"))
                        .isPresent();
    }
}
