package io.drey.plugin.zookeeper;

import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ZooKeeperMetadata;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads one place in ZooKeeper. */
final class MetadataReader {
    private final Connections connections;

    @Inject
    MetadataReader(Connections connections) {
        this.connections = connections;
    }

    ZooKeeperMetadata read(FlinkConfig config, ObserveContext context) {
        var location = Location.of(config, context.resource().metadata().name());
        try (var nodes = connections.connect(location.quorum(), Ensemble.LIMIT)) {
            return read(nodes, location, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static ZooKeeperMetadata read(Nodes nodes, Location location, ObserveContext context) throws IOException {
        Map<String, OptionalLong> jobs = new HashMap<>();
        for (var jobId : nodes.children(location.jobs())) {
            var path = location.jobs() + "/" + jobId;
            // An empty node is what is left of a job that has ended.
            if (!nodes.children(path).isEmpty()) {
                jobs.put(jobId, newest(nodes.children(path + "/checkpoints")));
            }
        }
        List<String> submitted = new ArrayList<>();
        for (var parent : location.submitted()) {
            nodes.children(parent).forEach(name -> submitted.add(parent + "/" + name));
        }
        var mark = nodes.text(Marker.path(location.root()));
        boolean empty = nodes.children(location.root()).stream().allMatch(Marker.NODE::equals);
        return new ZooKeeperMetadata(
                location.quorum(), location.root(), Ownership.of(mark, location, context), jobs, submitted, empty);
    }

    private static OptionalLong newest(List<String> checkpoints) {
        return checkpoints.stream()
                .filter(name -> name.matches("\\d{1,19}"))
                .mapToLong(Long::parseLong)
                .max();
    }
}
