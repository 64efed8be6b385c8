package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.capitalised;
import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.LifecycleState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The conditions {@code Ready}, {@code Reconciling} and {@code Stalled}, by the rules of kstatus: what waits for the user
 * is stalled, what will go on by itself is reconciling, and a resource that is neither is ready or has ended.
 */
final class ProgressConditions {
    static final String STALLED = "Stalled";

    private static final String READY = "Ready";
    private static final String RECONCILING = "Reconciling";

    private ProgressConditions() {}

    static List<Condition> of(FlinkDeployment resource, Turn turn) {
        var good = good(resource, turn);
        var stalled = stalled(resource, turn);
        var reconciling = reconciling(resource, turn, stalled.holds() || good.isPresent());
        return List.of(ready(resource, good, stalled, reconciling), reconciling, stalled);
    }

    /** Why all is as the spec asks; empty when it is not. */
    private static Optional<String> good(FlinkDeployment resource, Turn turn) {
        if (!turn.situation().violations().isEmpty()
                || turn.after().isPresent()
                || turn.problem().isPresent()
                || turn.waiting().isPresent()) {
            return Optional.empty();
        }
        var status = resource.status();
        return switch (lifecycle(status)) {
            case "CREATED" ->
                Recorded.running(resource.spec()) ? Optional.empty() : Optional.of("suspended, as the spec asks");
            case "SUSPENDED" -> Optional.of("suspended, as the spec asks");
            case "STABLE" -> carriedOut(resource);
            default -> Optional.empty();
        };
    }

    private static Optional<String> carriedOut(FlinkDeployment resource) {
        var status = resource.status();
        if (resource.spec().job().isPresent()) {
            var state = status.jobStatus().state();
            return state.equals(Optional.of(FlinkJobState.FINISHED))
                    ? Optional.of("the job has finished")
                    : Optional.of("runs, as the spec asks").filter(text -> Jobs.running(status));
        }
        return Optional.of("serves, as the spec asks")
                .filter(text -> status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY));
    }

    private static Condition stalled(FlinkDeployment resource, Turn turn) {
        var generation = resource.metadata().generation();
        var violations = turn.situation().violations();
        if (!violations.isEmpty()) {
            var first = violations.getFirst();
            return condition(STALLED, true, first.reason(), first.text(), generation);
        }
        var refused = turn.problem()
                .filter(problem ->
                        problem.kind() == ErrorKind.USER || problem.code().equals(Failure.REFUSED));
        if (refused.isPresent()) {
            return condition(STALLED, true, refused.get().code(), refused.get().message(), generation);
        }
        return lifecycle(resource.status()).equals("FAILED")
                        && turn.after().isEmpty()
                        && turn.problem().isEmpty()
                ? condition(STALLED, true, "Failed", error(resource.status(), "the job has failed"), generation)
                : condition(STALLED, false, "NotStalled", "nothing is in the way", generation);
    }

    private static Condition reconciling(FlinkDeployment resource, Turn turn, boolean settled) {
        var generation = resource.metadata().generation();
        var operation = turn.after();
        if (operation.isPresent()) {
            var running = operation.get();
            return condition(
                    RECONCILING, true, capitalised(running.cause().name()), progress(running, turn), generation);
        }
        if (turn.waiting().isPresent()) {
            return condition(RECONCILING, true, "Waiting", turn.waiting().get(), generation);
        }
        if (settled) {
            return condition(RECONCILING, false, "Done", "nothing is under way", generation);
        }
        if (turn.problem().isPresent()) {
            var problem = turn.problem().get();
            return condition(RECONCILING, true, problem.code(), problem.message(), generation);
        }
        return over(resource.status())
                ? condition(RECONCILING, false, "Done", "nothing is under way", generation)
                : condition(RECONCILING, true, "Starting", starting(resource), generation);
    }

    private static boolean over(FlinkDeploymentStatus status) {
        return lifecycle(status).equals("ROLLED_BACK") || Jobs.ended(status);
    }

    private static String progress(Operation operation, Turn turn) {
        var text = new StringBuilder(operation.cause().name().toLowerCase(Locale.ROOT))
                .append(" of generation ")
                .append(operation.generation())
                .append(": ")
                .append(operation.phase().name().toLowerCase(Locale.ROOT));
        turn.waiting().ifPresent(what -> text.append(", waiting until ").append(what));
        operation.error().ifPresent(error -> text.append(". ").append(error.message()));
        return text.toString();
    }

    private static String starting(FlinkDeployment resource) {
        var status = resource.status();
        var manager = status.jobManagerDeploymentStatus();
        if (manager.equals(JobManagerDeploymentStatus.ERROR)) {
            return error(status, "the JobManager does not start");
        }
        if (Jobs.running(status)) {
            return "the job runs, and is stable when it has done so for some time";
        }
        return manager.equals(JobManagerDeploymentStatus.READY)
                ? "waiting for the job to run, it is "
                        + status.jobStatus().state().map(FlinkJobState::wire).orElse("not listed yet")
                : "waiting for the JobManager, it is " + manager.wire();
    }

    private static Condition ready(
            FlinkDeployment resource, Optional<String> good, Condition stalled, Condition reconciling) {
        var generation = resource.metadata().generation();
        var status = resource.status();
        if (good.isPresent()) {
            var lifecycle = lifecycle(status);
            return condition(
                    READY,
                    true,
                    lifecycle.equals("CREATED") ? "Suspended" : capitalised(lifecycle),
                    good.get(),
                    generation);
        }
        if (stalled.holds()) {
            return condition(READY, false, stalled.reason(), stalled.message(), generation);
        }
        if (reconciling.holds()) {
            return condition(READY, false, reconciling.reason(), reconciling.message(), generation);
        }
        return lifecycle(status).equals("ROLLED_BACK")
                ? condition(
                        READY,
                        false,
                        "RolledBack",
                        "runs the last stable spec, not this one: " + error(status, "it did not become stable"),
                        generation)
                : condition(
                        READY,
                        false,
                        status.jobStatus()
                                .state()
                                .map(state -> capitalised(state.wire()))
                                .orElse("Unknown"),
                        "the job has ended",
                        generation);
    }

    private static String error(FlinkDeploymentStatus status, String otherwise) {
        return status.error().map(ErrorJson::message).orElse(otherwise);
    }

    private static String lifecycle(FlinkDeploymentStatus status) {
        return status.lifecycleState().orElse(LifecycleState.CREATED).wire();
    }
}
