package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted of a job on a session cluster.
 *
 * @param job the job
 * @param restartNonce a new value restarts everything
 * @param flinkConfiguration Flink's configuration; empty unless given
 * @param deploymentName FlinkDeployment in the same namespace on which it runs; fixed once deployed
 * @param unknown fields that this version does not know, kept to be written back
 */
public record FlinkSessionJobSpec(
        Optional<JobSpec> job,
        Optional<Long> restartNonce,
        FlinkConfigurationTree flinkConfiguration,
        Optional<String> deploymentName,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown)
        implements FlinkSpec {
    /** All defaults. */
    public static final FlinkSessionJobSpec EMPTY = new FlinkSessionJobSpec(
            Optional.empty(), Optional.empty(), FlinkConfigurationTree.EMPTY, Optional.empty(), Map.of());

    public FlinkSessionJobSpec {
        flinkConfiguration = flinkConfiguration == null ? FlinkConfigurationTree.EMPTY : flinkConfiguration;
        unknown = Copies.of(unknown);
    }

    @Override
    public FlinkSessionJobSpec withJob(JobSpec job) {
        return new FlinkSessionJobSpec(Optional.of(job), restartNonce, flinkConfiguration, deploymentName, unknown);
    }

    @Override
    public FlinkSessionJobSpec withFlinkConfiguration(FlinkConfigurationTree flinkConfiguration) {
        return new FlinkSessionJobSpec(job, restartNonce, flinkConfiguration, deploymentName, unknown);
    }
}
