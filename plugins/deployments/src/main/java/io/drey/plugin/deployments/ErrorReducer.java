package io.drey.plugin.deployments;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.config.ErrorFormat;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import java.util.List;
import java.util.Optional;

/** {@code status.error}: what is wrong, told once, and forgotten when all is well again. */
final class ErrorReducer {
    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        var violations = turn.situation().violations();
        if (!violations.isEmpty()) {
            return refused(resource, turn, violations, events);
        }
        if (turn.problem().isPresent()) {
            return problem(resource, turn, turn.problem().get(), events);
        }
        var status = resource.status();
        return status.error().isPresent() && over(status, turn) ? resource.withStatus(status.withoutError()) : resource;
    }

    private static FlinkDeployment refused(
            FlinkDeployment resource, Turn turn, List<Violation> violations, List<Event> events) {
        var error = json(turn).validation(violations.getFirst().text());
        if (!told(turn, error)) {
            violations.forEach(
                    violation -> events.add(Event.warning("Operator", violation.reason(), violation.eventText())));
        }
        return resource.withStatus(resource.status().withError(error));
    }

    /** Whether the status says so already, about this very edit. */
    private static boolean told(Turn turn, String error) {
        var loaded = (FlinkDeployment) turn.situation().resource();
        var generation = loaded.metadata().generation();
        return loaded.status().error().equals(Optional.of(error))
                && loaded.status().conditions().stream()
                        .filter(condition -> condition.type().equals(ProgressConditions.STALLED))
                        .anyMatch(condition -> condition.observedGeneration().equals(Optional.of(generation)));
    }

    private static FlinkDeployment problem(FlinkDeployment resource, Turn turn, Failure problem, List<Event> events) {
        var error = json(turn).problem(problem);
        if (!resource.status().error().equals(Optional.of(error))) {
            var reason = ErrorJson.isReason(problem.code()) ? problem.code() : "Error";
            events.add(Event.warning("JobManagerDeployment", reason, problem.message()));
        }
        return resource.withStatus(resource.status().withError(error));
    }

    private static ErrorJson json(Turn turn) {
        return new ErrorJson(ErrorFormat.of(turn.situation().config()));
    }

    /** Whether what the error tells of is over. */
    private static boolean over(FlinkDeploymentStatus status, Turn turn) {
        var error = status.error().orElseThrow();
        if (ErrorJson.isRefusal(error)) {
            return turn.after().flatMap(Operation::error).isEmpty();
        }
        var manager = status.jobManagerDeploymentStatus();
        boolean jobMissing = error.equals(ErrorJson.JOB_NOT_FOUND)
                && status.jobStatus().state().equals(Optional.of(FlinkJobState.RECONCILING));
        boolean managerMissing =
                manager.equals(JobManagerDeploymentStatus.MISSING) && ErrorJson.isMissingJobManager(error);
        return !manager.equals(JobManagerDeploymentStatus.ERROR)
                && !status.jobStatus().state().equals(Optional.of(FlinkJobState.FAILED))
                && status.reconciliationStatus().stable()
                && !jobMissing
                && !managerMissing;
    }
}
