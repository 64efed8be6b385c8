package io.drey.plugin.zookeeper;

import io.drey.spi.config.FlinkConfig;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where one Flink cluster keeps its metadata.
 *
 * @param quorum hosts and ports, separated by commas
 * @param root path of all that is the cluster's
 * @param submitted paths below which jobs lie as they were submitted, one node each
 */
record Location(String quorum, String root, List<String> submitted) {
    private static final String PREFIX = "high-availability.zookeeper.";

    /** @param cluster the name of the resource: its clusters are launched with that as {@code high-availability.cluster-id} */
    static Location of(FlinkConfig config, String cluster) {
        var quorum = text(config, PREFIX + "quorum")
                .orElseThrow(() -> new IllegalArgumentException(
                        "spec.flinkConfiguration: found high-availability.type zookeeper without " + PREFIX
                                + "quorum, must name the hosts and ports of ZooKeeper, as zookeeper:2181"));
        var root = path(text(config, PREFIX + "path.root").orElse("/flink"), cluster);
        // What one version calls an execution plan, an older one calls a job graph: whichever it is, it goes.
        var submitted = Stream.of(
                        text(config, PREFIX + "path.execution-plans").orElse("/execution-plans"),
                        text(config, PREFIX + "path.jobgraphs").orElse("/jobgraphs"),
                        text(config, PREFIX + "path.applications").orElse("/applications"))
                .map(name -> path(root, name))
                .distinct()
                .toList();
        return new Location(quorum, root, submitted);
    }

    /** The place of a cluster, if its metadata is in ZooKeeper. */
    static Optional<Location> find(FlinkConfig config, String cluster) {
        return config.zooKeeperHighAvailability()
                        && text(config, PREFIX + "quorum").isPresent()
                ? Optional.of(of(config, cluster))
                : Optional.empty();
    }

    /** Whether one of the two roots is in the other, on a server that both name. */
    boolean overlaps(Location other) {
        return !Collections.disjoint(servers(), other.servers())
                && ((root + "/").startsWith(other.root + "/") || (other.root + "/").startsWith(root + "/"));
    }

    private Set<String> servers() {
        return Stream.of(quorum.split(","))
                .map(server -> server.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** Below which each job that runs has a node, named by its id. */
    String jobs() {
        return root + "/jobs";
    }

    private static Optional<String> text(FlinkConfig config, String key) {
        return config.get(key).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static String path(String... parts) {
        var path = String.join("/", parts).replaceAll("/+", "/").replaceAll("/$", "");
        return path.startsWith("/") ? path : "/" + path;
    }
}
