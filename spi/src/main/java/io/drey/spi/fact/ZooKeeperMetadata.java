package io.drey.spi.fact;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * High-availability metadata of one Flink cluster that is kept in ZooKeeper. Read live and on demand only.
 *
 * @param quorum hosts and ports of ZooKeeper, separated by commas
 * @param root path of all that is the cluster's
 * @param owner whose metadata it is
 * @param jobs those that Flink would find again, each with its newest checkpoint if it has one
 * @param submitted paths of the jobs as they were submitted, which Flink would run in place of a new spec
 * @param empty whether ZooKeeper has nothing of this cluster, apart from the mark of its owner
 */
public record ZooKeeperMetadata(
        String quorum, String root, Owner owner, Map<String, OptionalLong> jobs, List<String> submitted, boolean empty)
        implements RecoverableJobs {
    /** The metadata of the deployed spec; before the first deployment, that of the spec to deploy. */
    public static final FactType<ZooKeeperMetadata> TYPE =
            new FactType<>("zookeeper-metadata", ZooKeeperMetadata.class);

    /**
     * The place where a launch of the admitted spec keeps its metadata. Never read where another resource owns that place:
     * its read fails, and names that resource.
     */
    public static final FactType<ZooKeeperMetadata> LAUNCH =
            new FactType<>("zookeeper-launch", ZooKeeperMetadata.class);

    /**
     * The step handler that makes a resource the owner of a root. Its payload has {@code quorum} and {@code root} as they
     * are here, {@code owner}, the resource's mark, and {@code found}, the mark that was there.
     */
    public static final String CLAIM = "zookeeper-claim";

    /**
     * The step handler that removes nodes. Its payload has {@code quorum} and {@code root} as they are here, {@code owner},
     * the resource's mark, {@code paths} below the root or the root itself, and {@code whole}, whether the mark goes with
     * the root. It removes nothing from a root that has another mark.
     */
    public static final String REMOVAL = "zookeeper-removal";

    public ZooKeeperMetadata {
        requireNonNull(owner, "owner");
        jobs = Map.copyOf(jobs);
        submitted = List.copyOf(submitted);
    }

    /** Whose metadata this is, as a mark in ZooKeeper and the resources in Kubernetes say. */
    public sealed interface Owner {
        /**
         * The resource itself.
         *
         * @param mark that is there
         */
        record Self(String mark) implements Owner {}

        /**
         * No resource that exists: the resource may claim it.
         *
         * @param mark of the resource
         * @param found the mark that is there; empty text when there is none
         */
        record Nobody(String mark, String found) implements Owner {}

        /**
         * Another resource, or one that may exist where this operator cannot look.
         *
         * @param resource its kind, namespace and name
         */
        record Other(String resource) implements Owner {}
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
