package io.drey.spi.fact;

import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What high-availability metadata knows of jobs, wherever it is kept. */
public sealed interface RecoverableJobs permits HighAvailability, ZooKeeperMetadata {
    /** What says where in ZooKeeper it is; below that, each cluster has its own place by its name. */
    List<String> ZOOKEEPER = List.of("high-availability.zookeeper.quorum", "high-availability.zookeeper.path.root");

    /** Whether Flink would find this job again. It removes a job's metadata when the job ends. */
    boolean knows(String jobId);

    /** The newest checkpoint of this job that Flink would restore; empty when it has none. */
    OptionalLong newestCheckpoint(String jobId);

    /**
     * The metadata of what is deployed; empty when high availability is off there.
     *
     * @throws MissingFact when it was not read yet
     */
    static Optional<RecoverableJobs> of(Situation situation) {
        return factType(situation.deployedConfig())
                .map(type -> situation.facts().get(type));
    }

    /** Whether clusters with these configurations keep their metadata in the same place. */
    static boolean inSamePlace(FlinkConfig one, FlinkConfig other) {
        var type = factType(one);
        return type.equals(factType(other))
                && (!one.zooKeeperHighAvailability()
                        || ZOOKEEPER.stream().allMatch(key -> one.get(key).equals(other.get(key))));
    }

    /** Where a cluster with this configuration keeps its metadata. */
    static Optional<FactType<? extends RecoverableJobs>> factType(FlinkConfig config) {
        if (config.kubernetesHighAvailability()) {
            return Optional.of(HighAvailability.TYPE);
        }
        return config.zooKeeperHighAvailability() ? Optional.of(ZooKeeperMetadata.TYPE) : Optional.empty();
    }
}
