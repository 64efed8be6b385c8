package io.drey.spi.fact;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * High-availability metadata of one Flink cluster that is kept in ZooKeeper. Read live and on demand only.
 *
 * @param quorum hosts and ports of ZooKeeper, separated by commas
 * @param root path of all that is the cluster's
 * @param jobs those that Flink would find again, each with its newest checkpoint if it has one
 * @param submitted paths of the jobs as they were submitted, which Flink would run in place of a new spec
 * @param empty whether ZooKeeper has nothing of this cluster
 */
public record ZooKeeperMetadata(
        String quorum, String root, Map<String, OptionalLong> jobs, List<String> submitted, boolean empty)
        implements RecoverableJobs {
    /** This fact. */
    public static final FactType<ZooKeeperMetadata> TYPE =
            new FactType<>("zookeeper-metadata", ZooKeeperMetadata.class);

    /**
     * The step handler that removes nodes; its payload has {@code quorum} and {@code root} as they are here, and
     * {@code paths} at or below the root.
     */
    public static final String REMOVAL = "zookeeper-removal";

    public ZooKeeperMetadata {
        jobs = Map.copyOf(jobs);
        submitted = List.copyOf(submitted);
    }

    @Override
    public boolean knows(String jobId) {
        return jobs.containsKey(jobId);
    }

    @Override
    public OptionalLong newestCheckpoint(String jobId) {
        return jobs.getOrDefault(jobId, OptionalLong.empty());
    }
}
