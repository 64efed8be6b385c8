package io.drey.plugin.deployments;

import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The condition {@code Running} of the contract: of an application its job, of a session cluster its JobManager. */
final class RunningCondition {
    static final String TYPE = "Running";

    private RunningCondition() {}

    static Condition of(FlinkDeployment resource, FlinkDeploymentSpec recorded) {
        var generation = resource.metadata().generation();
        return recorded.job().isPresent()
                ? job(resource.status(), generation)
                : jobManager(resource.status(), generation);
    }

    private static Condition job(FlinkDeploymentStatus status, long generation) {
        var state = status.jobStatus().state().map(FlinkJobState::wire).orElse("UNKNOWN");
        return condition(TYPE, Jobs.running(status), capitalised(state), "Job status " + state, generation);
    }

    private static Condition jobManager(FlinkDeploymentStatus status, long generation) {
        return switch (status.jobManagerDeploymentStatus().wire()) {
            case "READY" ->
                condition(
                        TYPE,
                        true,
                        "JobManagerReady",
                        "JobManager is running and ready to receive REST API calls",
                        generation);
            case "DEPLOYED_NOT_READY" ->
                condition(
                        TYPE,
                        false,
                        "DeployedNotReady",
                        "JobManager is running but not yet ready to receive REST API calls",
                        generation);
            case "DEPLOYING" ->
                condition(TYPE, false, "JobManagerIsDeploying", "JobManager process is starting up", generation);
            case "ERROR" -> condition(TYPE, false, "Error", "JobManager deployment failed", generation);
            default ->
                condition(TYPE, false, "JobManagerDeploymentMissing", "JobManager deployment not found", generation);
        };
    }

    static Condition condition(String type, boolean holds, String reason, String message, long generation) {
        return new Condition(
                type, holds ? "True" : "False", reason, message, Optional.empty(), Optional.of(generation), Map.of());
    }

    /** {@code ROLLED_BACK} as {@code RolledBack}. */
    static String capitalised(String name) {
        var text = new StringBuilder();
        for (var word : name.toLowerCase(Locale.ROOT).split("_")) {
            text.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return text.toString();
    }
}
