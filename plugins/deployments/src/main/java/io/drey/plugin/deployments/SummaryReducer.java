package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.LifecycleState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What all of this is called: {@code lifecycleState}, and the conditions, by the rules of kstatus. */
final class SummaryReducer {
    private final Recorded recorded;

    SummaryReducer(Recorded recorded) {
        this.recorded = recorded;
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn) {
        var last = recorded.last(resource);
        var jobState = last.flatMap(record -> record.spec().job()).map(JobSpec::state);
        var status = resource.status();
        status = status.withLifecycleState(status.deriveLifecycleState(jobState));
        boolean application = last.map(record -> record.spec().job().isPresent())
                .orElse(resource.spec().job().isPresent());
        var named = resource.withStatus(status);
        var stalled = stalled(named, turn);
        var reconciling = reconciling(named, turn, stalled.holds());
        List<Condition> conditions = new ArrayList<>();
        if (last.isPresent()) {
            conditions.add(application ? running(named) : serving(named));
        }
        conditions.add(ready(named, turn, stalled, reconciling));
        conditions.add(reconciling);
        conditions.add(stalled);
        return resource.withStatus(status.withConditions(merged(status.conditions(), conditions, turn)));
    }

    /** Conditions of others stay; the time of ours changes only with their status. */
    private static List<Condition> merged(List<Condition> before, List<Condition> computed, Turn turn) {
        List<Condition> merged = new ArrayList<>();
        for (var condition : computed) {
            var earlier = before.stream()
                    .filter(old ->
                            old.type().equals(condition.type()) && old.status().equals(condition.status()))
                    .findFirst()
                    .flatMap(Condition::lastTransitionTime);
            merged.add(condition.withLastTransitionTime(
                    earlier.orElse(turn.situation().now())));
        }
        before.stream()
                .filter(old -> computed.stream().noneMatch(ours -> ours.type().equals(old.type())))
                .filter(old -> !old.type().equals("Running"))
                .forEach(merged::add);
        return merged;
    }

    private static Condition running(FlinkDeployment resource) {
        var state = resource.status().jobStatus().state();
        return condition(
                "Running",
                state.filter(FlinkJobState.RUNNING::equals).isPresent(),
                state.map(FlinkJobState::wire).map(SummaryReducer::capitalised).orElse("Unknown"),
                "Job status " + state.map(FlinkJobState::wire).orElse("UNKNOWN"),
                resource);
    }

    private static Condition serving(FlinkDeployment resource) {
        var status = resource.status().jobManagerDeploymentStatus();
        return switch (status.wire()) {
            case "READY" ->
                condition(
                        "Running",
                        true,
                        "JobManagerReady",
                        "JobManager is running and ready to receive REST API calls",
                        resource);
            case "DEPLOYED_NOT_READY" ->
                condition(
                        "Running",
                        false,
                        "DeployedNotReady",
                        "JobManager is running but not yet ready to receive REST API calls",
                        resource);
            case "DEPLOYING" ->
                condition("Running", false, "JobManagerIsDeploying", "JobManager process is starting up", resource);
            case "ERROR" -> condition("Running", false, "Error", "JobManager deployment failed", resource);
            default ->
                condition("Running", false, "JobManagerDeploymentMissing", "JobManager deployment not found", resource);
        };
    }

    private static Condition stalled(FlinkDeployment resource, Turn turn) {
        var violations = turn.situation().violations();
        if (!violations.isEmpty()) {
            return condition(
                    "Stalled", true, "ValidationError", violations.getFirst().text(), resource);
        }
        var problem = turn.problem();
        if (problem.isPresent() && problem.get().kind() == ErrorKind.USER) {
            return condition(
                    "Stalled", true, problem.get().code(), problem.get().message(), resource);
        }
        if (resource.status()
                .lifecycleState()
                .filter(LifecycleState.FAILED::equals)
                .isPresent()) {
            return condition(
                    "Stalled", true, "Failed", resource.status().error().orElse("the job has failed"), resource);
        }
        return condition("Stalled", false, "NotStalled", "nothing is in the way", resource);
    }

    private static Condition reconciling(FlinkDeployment resource, Turn turn, boolean stalled) {
        var operation = turn.after();
        if (operation.isPresent()) {
            return condition("Reconciling", true, reason(operation.get()), progress(operation.get(), turn), resource);
        }
        if (turn.waiting().isPresent()) {
            return condition("Reconciling", true, "Waiting", turn.waiting().get(), resource);
        }
        if (turn.problem().isPresent() && !stalled) {
            return condition(
                    "Reconciling",
                    true,
                    turn.problem().get().code(),
                    turn.problem().get().message(),
                    resource);
        }
        boolean settled = stalled
                || resource.status()
                        .lifecycleState()
                        .filter(state -> state.isTerminal() || state.equals(LifecycleState.CREATED))
                        .isPresent();
        return settled
                ? condition("Reconciling", false, "Done", "the spec is carried out", resource)
                : condition("Reconciling", true, "Starting", starting(resource), resource);
    }

    private static String starting(FlinkDeployment resource) {
        var manager = resource.status().jobManagerDeploymentStatus();
        if (manager.equals(JobManagerDeploymentStatus.ERROR)) {
            return "the JobManager does not come up, see status.error and the events; a new spec may mend it";
        }
        return manager.equals(JobManagerDeploymentStatus.READY)
                ? "waiting for the job to run, it is "
                        + resource.status()
                                .jobStatus()
                                .state()
                                .map(FlinkJobState::wire)
                                .orElse("not listed yet")
                : "waiting for the JobManager, it is " + manager.wire();
    }

    private static Condition ready(FlinkDeployment resource, Turn turn, Condition stalled, Condition reconciling) {
        var lifecycle =
                resource.status().lifecycleState().map(LifecycleState::wire).orElse("CREATED");
        boolean application = resource.spec().job().isPresent();
        boolean good = switch (lifecycle) {
            case "STABLE" ->
                application
                        ? resource.status()
                                .jobStatus()
                                .state()
                                .filter(state ->
                                        state.equals(FlinkJobState.RUNNING) || state.equals(FlinkJobState.FINISHED))
                                .isPresent()
                        : resource.status().jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY);
            case "SUSPENDED" -> true;
            default -> false;
        };
        if (good && !stalled.holds() && turn.after().isEmpty()) {
            return condition(
                    "Ready",
                    true,
                    capitalised(lifecycle),
                    lifecycle.equals("SUSPENDED") ? "suspended, as the spec asks" : "runs, as the spec asks",
                    resource);
        }
        return stalled.holds()
                ? condition("Ready", false, stalled.reason(), stalled.message(), resource)
                : condition("Ready", false, reconciling.reason(), reconciling.message(), resource);
    }

    private static String reason(Operation operation) {
        return capitalised(operation.cause().name());
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

    private static Condition condition(
            String type, boolean holds, String reason, String message, FlinkDeployment resource) {
        return new Condition(
                type,
                holds ? "True" : "False",
                reason,
                message,
                Optional.empty(),
                Optional.of(resource.metadata().generation()),
                Map.of());
    }

    private static String capitalised(String name) {
        var text = new StringBuilder();
        for (var word : name.toLowerCase(Locale.ROOT).split("_")) {
            text.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return text.toString();
    }
}
