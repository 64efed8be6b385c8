package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted of a Flink cluster of its own.
 *
 * @param job absent: a session cluster
 * @param restartNonce a new value restarts everything
 * @param flinkConfiguration Flink's configuration; empty unless given
 * @param image container image; Flink's own default if absent
 * @param imagePullPolicy a Kubernetes pull policy
 * @param serviceAccount of JobManager and TaskManagers
 * @param flinkVersion version of Flink in the image
 * @param ingress to the REST API
 * @param podTemplate base of both pods: core/v1 Pod of which {@code metadata} and {@code spec} count; not to be changed
 * @param jobManager JobManagers
 * @param taskManager TaskManagers
 * @param logConfiguration contents of {@code log4j-console.properties} and {@code logback-console.xml}
 * @param mode native unless given
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkDeploymentSpec(
        Optional<JobSpec> job,
        Optional<Long> restartNonce,
        FlinkConfigurationTree flinkConfiguration,
        Optional<String> image,
        Optional<String> imagePullPolicy,
        Optional<String> serviceAccount,
        Optional<FlinkVersion> flinkVersion,
        Optional<IngressSpec> ingress,
        Optional<JsonNode> podTemplate,
        Optional<JobManagerSpec> jobManager,
        Optional<TaskManagerSpec> taskManager,
        Optional<Map<String, String>> logConfiguration,
        Optional<DeploymentMode> mode,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown)
        implements FlinkSpec {
    /** All defaults. */
    public static final FlinkDeploymentSpec EMPTY = new FlinkDeploymentSpec(
            Optional.empty(),
            Optional.empty(),
            FlinkConfigurationTree.EMPTY,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());

    public FlinkDeploymentSpec {
        flinkConfiguration = flinkConfiguration == null ? FlinkConfigurationTree.EMPTY : flinkConfiguration;
        podTemplate = podTemplate.filter(node -> !node.isNull());
        logConfiguration = logConfiguration.map(Copies::of);
        unknown = Copies.of(unknown);
    }

    @Override
    public FlinkDeploymentSpec withJob(JobSpec job) {
        return toBuilder().job(Optional.of(job)).build();
    }

    @Override
    public FlinkDeploymentSpec withFlinkConfiguration(FlinkConfigurationTree flinkConfiguration) {
        return toBuilder().flinkConfiguration(flinkConfiguration).build();
    }

    /** The same with another {@code flinkVersion}. */
    public FlinkDeploymentSpec withFlinkVersion(FlinkVersion flinkVersion) {
        return toBuilder().flinkVersion(Optional.of(flinkVersion)).build();
    }

    /** The same with another {@code image}. */
    public FlinkDeploymentSpec withImage(String image) {
        return toBuilder().image(Optional.of(image)).build();
    }

    /** The same with another {@code podTemplate}. */
    public FlinkDeploymentSpec withPodTemplate(JsonNode podTemplate) {
        return toBuilder().podTemplate(Optional.of(podTemplate)).build();
    }

    /** The same with another {@code jobManager}. */
    public FlinkDeploymentSpec withJobManager(JobManagerSpec jobManager) {
        return toBuilder().jobManager(Optional.of(jobManager)).build();
    }

    /** The same with another {@code taskManager}. */
    public FlinkDeploymentSpec withTaskManager(TaskManagerSpec taskManager) {
        return toBuilder().taskManager(Optional.of(taskManager)).build();
    }

    /** {@link #mode}, or native. */
    public DeploymentMode modeOrDefault() {
        return mode.orElse(DeploymentMode.NATIVE);
    }

    /** Starts from nothing: each field has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.job = job;
        builder.restartNonce = restartNonce;
        builder.flinkConfiguration = flinkConfiguration;
        builder.image = image;
        builder.imagePullPolicy = imagePullPolicy;
        builder.serviceAccount = serviceAccount;
        builder.flinkVersion = flinkVersion;
        builder.ingress = ingress;
        builder.podTemplate = podTemplate;
        builder.jobManager = jobManager;
        builder.taskManager = taskManager;
        builder.logConfiguration = logConfiguration;
        builder.mode = mode;
        builder.unknown = unknown;
        return builder;
    }

    /** Collects the fields of a new value. Not thread-safe. */
    public static final class Builder {
        private Optional<JobSpec> job = Optional.empty();
        private Optional<Long> restartNonce = Optional.empty();
        private FlinkConfigurationTree flinkConfiguration = FlinkConfigurationTree.EMPTY;
        private Optional<String> image = Optional.empty();
        private Optional<String> imagePullPolicy = Optional.empty();
        private Optional<String> serviceAccount = Optional.empty();
        private Optional<FlinkVersion> flinkVersion = Optional.empty();
        private Optional<IngressSpec> ingress = Optional.empty();
        private Optional<JsonNode> podTemplate = Optional.empty();
        private Optional<JobManagerSpec> jobManager = Optional.empty();
        private Optional<TaskManagerSpec> taskManager = Optional.empty();
        private Optional<Map<String, String>> logConfiguration = Optional.empty();
        private Optional<DeploymentMode> mode = Optional.empty();
        private Map<String, JsonNode> unknown = Map.of();

        private Builder() {}

        public Builder job(Optional<JobSpec> value) {
            job = value;
            return this;
        }

        public Builder restartNonce(Optional<Long> value) {
            restartNonce = value;
            return this;
        }

        public Builder flinkConfiguration(FlinkConfigurationTree value) {
            flinkConfiguration = value;
            return this;
        }

        public Builder image(Optional<String> value) {
            image = value;
            return this;
        }

        public Builder imagePullPolicy(Optional<String> value) {
            imagePullPolicy = value;
            return this;
        }

        public Builder serviceAccount(Optional<String> value) {
            serviceAccount = value;
            return this;
        }

        public Builder flinkVersion(Optional<FlinkVersion> value) {
            flinkVersion = value;
            return this;
        }

        public Builder ingress(Optional<IngressSpec> value) {
            ingress = value;
            return this;
        }

        public Builder podTemplate(Optional<JsonNode> value) {
            podTemplate = value;
            return this;
        }

        public Builder jobManager(Optional<JobManagerSpec> value) {
            jobManager = value;
            return this;
        }

        public Builder taskManager(Optional<TaskManagerSpec> value) {
            taskManager = value;
            return this;
        }

        public Builder logConfiguration(Optional<Map<String, String>> value) {
            logConfiguration = value;
            return this;
        }

        public Builder mode(Optional<DeploymentMode> value) {
            mode = value;
            return this;
        }

        public Builder unknown(Map<String, JsonNode> value) {
            unknown = value;
            return this;
        }

        public FlinkDeploymentSpec build() {
            return new FlinkDeploymentSpec(
                    job,
                    restartNonce,
                    flinkConfiguration,
                    image,
                    imagePullPolicy,
                    serviceAccount,
                    flinkVersion,
                    ingress,
                    podTemplate,
                    jobManager,
                    taskManager,
                    logConfiguration,
                    mode,
                    unknown);
        }
    }
}
