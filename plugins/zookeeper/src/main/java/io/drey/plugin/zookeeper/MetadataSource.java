package io.drey.plugin.zookeeper;

import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.ZooKeeperMetadata;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads what Flink has in ZooKeeper, live and on demand only. */
final class MetadataSource implements FactSource<ZooKeeperMetadata> {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Connections connections;

    @Inject
    MetadataSource(Connections connections) {
        this.connections = connections;
    }

    @Override
    public FactType<ZooKeeperMetadata> factType() {
        return ZooKeeperMetadata.TYPE;
    }

    @Override
    public ZooKeeperMetadata read(ObserveContext context) {
        var situation = context.situation();
        var deployed = situation.deployedConfig();
        var location = Location.of(
                deployed.zooKeeperHighAvailability() ? deployed : situation.config(),
                context.resource().metadata().name());
        try (var ensemble = connections.connect(location.quorum(), LIMIT)) {
            return read(ensemble, location);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    static ZooKeeperMetadata read(Nodes ensemble, Location location) throws IOException {
        Map<String, OptionalLong> jobs = new HashMap<>();
        for (var jobId : ensemble.children(location.jobs())) {
            var path = location.jobs() + "/" + jobId;
            // An empty node is what is left of a job that has ended.
            if (!ensemble.children(path).isEmpty()) {
                jobs.put(jobId, newest(ensemble.children(path + "/checkpoints")));
            }
        }
        List<String> submitted = new ArrayList<>();
        for (var parent : location.submitted()) {
            ensemble.children(parent).forEach(name -> submitted.add(parent + "/" + name));
        }
        return new ZooKeeperMetadata(
                location.quorum(), location.root(), jobs, submitted, !ensemble.exists(location.root()));
    }

    private static OptionalLong newest(List<String> checkpoints) {
        return checkpoints.stream()
                .filter(name -> name.matches("\\d{1,19}"))
                .mapToLong(Long::parseLong)
                .max();
    }
}
