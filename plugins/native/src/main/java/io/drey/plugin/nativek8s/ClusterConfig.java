package io.drey.plugin.nativek8s;

import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ZooKeeperMetadata;
import java.util.Set;

/** What the fields of a FlinkDeployment say about its cluster, as configuration. In every mode. */
final class ClusterConfig implements Decorator<FlinkConfig> {
    @Override
    public Phase<FlinkConfig> phase() {
        return Phase.CONFIG;
    }

    @Override
    public Set<String> kinds() {
        return Set.of("FlinkDeployment");
    }

    @Override
    public FlinkConfig decorate(FlinkConfig value, Situation situation) {
        var target = Targets.of(situation);
        var spec = target.spec();
        var config = value.withDefault("kubernetes.rest-service.exposed.type", "ClusterIP")
                .withDefault("web.cancel.enable", "false")
                .with("$internal.flink.version", Targets.version(spec).wire());
        if (spec.image().isPresent()) {
            config = KeyNames.with(
                    config, "kubernetes.container.image.ref", spec.image().get());
        }
        if (spec.imagePullPolicy().isPresent()) {
            config = config.with(
                    "kubernetes.container.image.pull-policy",
                    spec.imagePullPolicy().get());
        }
        if (spec.serviceAccount().isPresent()) {
            config = config.with(
                    "kubernetes.service-account", spec.serviceAccount().get());
        }
        config = amounts(config, "jobmanager", Amounts.ofJobManager(spec));
        config = amounts(config, "taskmanager", Amounts.ofTaskManager(spec));
        config = OldHeapKeys.renamed(config, Targets.version(spec));
        if (spec.jobManager().isPresent()) {
            config = config.with(
                    "kubernetes.jobmanager.replicas",
                    spec.jobManager().get().replicas().toString());
        }
        config = config.with("kubernetes.namespace", target.metadata().namespace())
                .with("kubernetes.cluster-id", target.metadata().name());
        if (config.zooKeeperHighAvailability() && situation.config().zooKeeperHighAvailability()) {
            // Another resource's place is refused before anything is stopped.
            situation.facts().get(ZooKeeperMetadata.LAUNCH);
        }
        return config.highAvailability()
                ? config.with("high-availability.cluster-id", target.metadata().name())
                : config;
    }

    private static FlinkConfig amounts(FlinkConfig value, String component, Amounts amounts) {
        var config = value;
        if (amounts.memory().isPresent()) {
            config = config.with(
                    component + ".memory.process.size", amounts.memory().get().toString());
        }
        if (amounts.memoryLimitFactor().isPresent()) {
            config = config.with(
                    "kubernetes." + component + ".memory.limit-factor",
                    amounts.memoryLimitFactor().get().toString());
        }
        if (amounts.cpu().isPresent()) {
            config = KeyNames.with(
                    config,
                    "kubernetes." + component + ".cpu.amount",
                    amounts.cpu().get().toString());
        }
        if (amounts.cpuLimitFactor().isPresent()) {
            config = config.with(
                    "kubernetes." + component + ".cpu.limit-factor",
                    amounts.cpuLimitFactor().get().toString());
        }
        return config;
    }
}
