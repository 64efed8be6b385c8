package io.drey.spi.resource;

/** A resource that runs Flink jobs: a cluster, or a job on one. */
public sealed interface FlinkResource extends CustomResource permits FlinkDeployment, FlinkSessionJob {
    @Override
    FlinkSpec spec();

    @Override
    FlinkStatus status();
}
