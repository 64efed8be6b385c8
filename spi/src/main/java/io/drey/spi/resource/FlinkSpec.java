package io.drey.spi.resource;

import java.util.Optional;

/** What the specs of clusters and of session jobs have in common. */
public sealed interface FlinkSpec permits FlinkDeploymentSpec, FlinkSessionJobSpec {
    /** The job; a FlinkDeployment without one is a session cluster. */
    Optional<JobSpec> job();

    /** A new value restarts everything. */
    Optional<Long> restartNonce();

    /** Flink's configuration. */
    FlinkConfigurationTree flinkConfiguration();

    /** The same with another job. */
    FlinkSpec withJob(JobSpec job);

    /** The same with another configuration. */
    FlinkSpec withFlinkConfiguration(FlinkConfigurationTree flinkConfiguration);
}
