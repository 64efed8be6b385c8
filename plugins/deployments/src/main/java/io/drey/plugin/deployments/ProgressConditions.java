package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.capitalised;
import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.plugin.deployments.KnownPodProblems.Known;
import io.drey.plugin.deployments.PodProblem.Role;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
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
 * The conditions {@code Ready}, {@code Reconciling} and {@code Stalled}, by the rules of kstatus: a resource that waits for the
 * user is stalled, one that goes on by itself is reconciling, and one that is neither is ready or has ended.
 *
 * @param resource with its reduced status
 * @param problems of its pods
 */
record ProgressConditions(FlinkDeployment resource, Turn turn, KnownPodProblems problems) {
    static final String READY = "Ready";
    static final String STALLED = "Stalled";

    private static final String RECONCILING = "Reconciling";

    /** Why the cluster is not at work yet. */
    private record Cause(String reason, String message) {
        static Cause starting(String message) {
            return new Cause("Starting", message);
        }

        static Cause of(Known problem) {
            return new Cause(problem.reason(), problem.text());
        }
    }

    List<Condition> all() {
        var good = good();
        var stalled = stalled();
        var reconciling = reconciling(stalled.holds() || good.isPresent());
        return List.of(ready(good, stalled, reconciling), reconciling, stalled);
    }

    /** Whether a status says that something is to come true by itself, such as the tasks of a job that run. */
    static boolean reconciling(FlinkDeploymentStatus status) {
        return holds(RECONCILING, status).orElse(false);
    }

    private static Optional<Boolean> holds(String type, FlinkDeploymentStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(Condition::holds)
                .findFirst();
    }

    /** Why all is as the spec asks; empty when it is not. */
    private Optional<String> good() {
        if (!turn.situation().violations().isEmpty()
                || turn.after().isPresent()
                || turn.problem().isPresent()
                || turn.waiting().isPresent()) {
            return Optional.empty();
        }
        return switch (lifecycle()) {
            case "CREATED" ->
                Recorded.running(resource.spec()) ? Optional.empty() : Optional.of("suspended, as the spec asks");
            case "SUSPENDED" -> Optional.of("suspended, as the spec asks");
            case "STABLE" -> carriedOut();
            default -> Optional.empty();
        };
    }

    private Optional<String> carriedOut() {
        if (resource.spec().job().isPresent()) {
            var state = status().jobStatus().state();
            return state.equals(Optional.of(FlinkJobState.FINISHED))
                    ? Optional.of("the job has finished")
                    : Optional.of("runs, as the spec asks").filter(text -> Jobs.running(status()) && tasksRun());
        }
        return Optional.of("serves, as the spec asks")
                .filter(text -> status().jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY));
    }

    /** After a start of the operator, as it was: the JobManager is not polled yet. */
    private boolean tasksRun() {
        return Jobs.listed(turn.situation(), status())
                .map(job -> job.tasksRun(turn.situation().deployedConfig()))
                .or(() -> holds(READY, status()))
                .orElse(true);
    }

    private Condition stalled() {
        var violations = turn.situation().violations();
        if (!violations.isEmpty()) {
            var first = violations.getFirst();
            return of(STALLED, true, first.reason(), first.text());
        }
        var refused = turn.problem()
                .filter(problem ->
                        problem.kind() == ErrorKind.USER || problem.code().equals(Failure.REFUSED));
        if (refused.isPresent()) {
            return of(STALLED, true, refused.get().code(), refused.get().message());
        }
        return lifecycle().equals("FAILED")
                        && turn.after().isEmpty()
                        && turn.problem().isEmpty()
                ? of(STALLED, true, "Failed", error("the job has failed"))
                : of(STALLED, false, "NotStalled", "nothing is in the way");
    }

    private Condition reconciling(boolean settled) {
        var operation = turn.after();
        if (operation.isPresent()) {
            var running = operation.get();
            return of(RECONCILING, true, capitalised(running.cause().name()), progress(running));
        }
        if (turn.waiting().isPresent()) {
            return of(RECONCILING, true, "Waiting", turn.waiting().get());
        }
        if (settled) {
            return of(RECONCILING, false, "Done", "nothing is under way");
        }
        if (turn.problem().isPresent()) {
            var problem = turn.problem().get();
            return of(RECONCILING, true, problem.code(), problem.message());
        }
        if (over()) {
            return of(RECONCILING, false, "Done", "nothing is under way");
        }
        var cause = starting();
        return of(RECONCILING, true, cause.reason(), cause.message());
    }

    private boolean over() {
        return lifecycle().equals("ROLLED_BACK") || Jobs.ended(status());
    }

    private String progress(Operation operation) {
        var text = new StringBuilder(operation.cause().name().toLowerCase(Locale.ROOT))
                .append(" of generation ")
                .append(operation.generation())
                .append(": ")
                .append(operation.phase().name().toLowerCase(Locale.ROOT));
        turn.waiting().ifPresent(what -> text.append(", waiting until ").append(what));
        operation.error().ifPresent(error -> text.append(". ").append(error.message()));
        return text.toString();
    }

    private Cause starting() {
        return status().jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)
                ? problem(Role.TASK_MANAGER).orElseGet(this::jobStarting)
                : problem(Role.JOB_MANAGER).orElseGet(this::jobManagerStarting);
    }

    private Optional<Cause> problem(Role role) {
        return problems.problems().stream()
                .filter(known -> known.role() == role)
                .findFirst()
                .map(Cause::of);
    }

    private Cause jobStarting() {
        boolean lost = status().error().filter(ErrorJson.JOB_NOT_FOUND::equals).isPresent();
        if (lost || notListed()) {
            return new Cause(
                    lost ? "JobNotFound" : "Starting",
                    "the JobManager serves, and does not list job "
                            + status().jobStatus().jobId().orElse("")
                            + (lost ? "" : " yet")
                            + ". If it stays so, a new spec.restartNonce starts the job again from high-availability metadata"
                            + " that knows it; without, set spec.job.initialSavepointPath to the newest checkpoint or"
                            + " savepoint with a new spec.job.savepointRedeployNonce");
        }
        if (!Jobs.running(status())) {
            return Cause.starting("waiting for the job to run, it is "
                    + status().jobStatus().state().map(FlinkJobState::wire).orElse("not listed yet"));
        }
        return tasksRun()
                ? Cause.starting("the job runs, and is stable when it has done so for some time")
                : new Cause(
                        "TasksNotRunning",
                        "waiting for the tasks of the job to run: some of them wait for a slot, start or restart");
    }

    private boolean notListed() {
        return turn.situation()
                        .sinceLaunch(FlinkJobs.TYPE, status())
                        .filter(seen -> seen.reach() == Reach.SERVING)
                        .isPresent()
                && Jobs.listed(turn.situation(), status()).isEmpty();
    }

    private Cause jobManagerStarting() {
        var manager = status().jobManagerDeploymentStatus();
        if (manager.equals(JobManagerDeploymentStatus.ERROR)) {
            return new Cause(
                    status().error().flatMap(ErrorJson::reason).orElse("Error"),
                    error("the JobManager does not start"));
        }
        return turn.situation()
                        .facts()
                        .find(ClusterObjects.TYPE)
                        .filter(ClusterObjects::scaledToZero)
                        .isPresent()
                ? new Cause(JobManagerReducer.SCALED_TO_ZERO, JobManagerReducer.scaledToZero(resource))
                : Cause.starting("waiting for the JobManager, it is " + manager.wire());
    }

    private Condition ready(Optional<String> good, Condition stalled, Condition reconciling) {
        if (good.isPresent()) {
            return of(READY, true, lifecycle().equals("CREATED") ? "Suspended" : capitalised(lifecycle()), good.get());
        }
        if (stalled.holds()) {
            return of(READY, false, stalled.reason(), stalled.message());
        }
        if (reconciling.holds()) {
            return of(READY, false, reconciling.reason(), reconciling.message());
        }
        return lifecycle().equals("ROLLED_BACK")
                ? of(
                        READY,
                        false,
                        "RolledBack",
                        "runs the last stable spec, not this one: " + error("it did not become stable"))
                : of(
                        READY,
                        false,
                        status().jobStatus()
                                .state()
                                .map(state -> capitalised(state.wire()))
                                .orElse("Unknown"),
                        "the job has ended");
    }

    private Condition of(String type, boolean holds, String reason, String message) {
        return condition(type, holds, reason, message, resource.metadata().generation());
    }

    private String error(String otherwise) {
        return status().error().map(ErrorJson::message).orElse(otherwise);
    }

    private FlinkDeploymentStatus status() {
        return resource.status();
    }

    private String lifecycle() {
        return status().lifecycleState().orElse(LifecycleState.CREATED).wire();
    }
}
