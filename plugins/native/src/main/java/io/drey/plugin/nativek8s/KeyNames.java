package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V1_17;
import static io.drey.spi.resource.FlinkVersion.V1_18;
import static io.drey.spi.resource.FlinkVersion.V1_20;
import static io.drey.spi.resource.FlinkVersion.V2_0;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names of configuration keys that Flink changed. Inside, configuration is written with the names of the newest Flink; an
 * image that does not know such a name yet gets the older one. All newer images know the older names as well.
 */
final class KeyNames {
    /**
     * @param since the first version that knows {@code name}
     * @param older the name before, of the same type
     */
    record Renamed(FlinkVersion since, String name, String older) {}

    static final List<Renamed> RENAMED = List.of(
            new Renamed(V1_17, "cleanup-strategy.type", "cleanup-strategy"),
            new Renamed(V1_17, "env.java.opts.all", "env.java.opts"),
            new Renamed(V1_17, "execution.checkpointing.unaligned.enabled", "execution.checkpointing.unaligned"),
            new Renamed(V1_17, "high-availability.type", "high-availability"),
            new Renamed(V1_17, "kubernetes.container.image.ref", "kubernetes.container.image"),
            new Renamed(V1_17, "kubernetes.jobmanager.cpu.amount", "kubernetes.jobmanager.cpu"),
            new Renamed(V1_17, "kubernetes.taskmanager.cpu.amount", "kubernetes.taskmanager.cpu"),
            new Renamed(V1_17, "restart-strategy.type", "restart-strategy"),
            new Renamed(V1_17, "state.backend.type", "state.backend"),
            new Renamed(V1_18, "pipeline.operator-chaining.enabled", "pipeline.operator-chaining"),
            new Renamed(
                    V1_20,
                    "execution.checkpointing.checkpoints-after-tasks-finish",
                    "execution.checkpointing.checkpoints-after-tasks-finish.enabled"),
            new Renamed(V1_20, "execution.checkpointing.data-inline-threshold", "state.storage.fs.memory-threshold"),
            new Renamed(V1_20, "execution.checkpointing.dir", "state.checkpoints.dir"),
            new Renamed(V1_20, "execution.checkpointing.incremental", "state.backend.incremental"),
            new Renamed(V1_20, "execution.checkpointing.local-backup.dirs", "taskmanager.state.local.root-dirs"),
            new Renamed(V1_20, "execution.checkpointing.local-backup.enabled", "state.backend.local-recovery"),
            new Renamed(V1_20, "execution.checkpointing.num-retained", "state.checkpoints.num-retained"),
            new Renamed(V1_20, "execution.checkpointing.savepoint-dir", "state.savepoints.dir"),
            new Renamed(V1_20, "execution.checkpointing.storage", "state.checkpoint-storage"),
            new Renamed(V1_20, "execution.checkpointing.write-buffer-size", "state.storage.fs.write-buffer-size"),
            new Renamed(
                    V1_20,
                    "execution.state-recovery.approximate-local-recovery",
                    "execution.checkpointing.approximate-local-recovery"),
            new Renamed(V1_20, "execution.state-recovery.claim-mode", "execution.savepoint-restore-mode"),
            new Renamed(V1_20, "execution.state-recovery.from-local", "state.backend.local-recovery"),
            new Renamed(
                    V1_20,
                    "execution.state-recovery.ignore-unclaimed-state",
                    "execution.savepoint.ignore-unclaimed-state"),
            new Renamed(V1_20, "execution.state-recovery.path", "execution.savepoint.path"),
            new Renamed(
                    V1_20,
                    "execution.state-recovery.without-channel-state.checkpoint-id",
                    "execution.checkpointing.recover-without-channel-state.checkpoint-id"),
            new Renamed(V1_20, "state.changelog.enabled", "state.backend.changelog.enabled"),
            new Renamed(V1_20, "state.changelog.max-failures-allowed", "state.backend.changelog.max-failures-allowed"),
            new Renamed(
                    V1_20,
                    "state.changelog.periodic-materialize.interval",
                    "state.backend.changelog.periodic-materialize.interval"),
            new Renamed(V1_20, "state.changelog.storage", "state.backend.changelog.storage"),
            new Renamed(V1_20, "state.latency-track.history-size", "state.backend.latency-track.history-size"),
            new Renamed(
                    V1_20,
                    "state.latency-track.keyed-state-enabled",
                    "state.backend.latency-track.keyed-state-enabled"),
            new Renamed(V1_20, "state.latency-track.sample-interval", "state.backend.latency-track.sample-interval"),
            new Renamed(
                    V1_20,
                    "state.latency-track.state-name-as-variable",
                    "state.backend.latency-track.state-name-as-variable"),
            new Renamed(V2_0, "completed-application-store.cache-size", "jobstore.cache-size"),
            new Renamed(V2_0, "completed-application-store.max-capacity", "jobstore.max-capacity"),
            new Renamed(V2_0, "completed-application-store.type", "jobstore.type"),
            new Renamed(
                    V2_0,
                    "high-availability.zookeeper.path.execution-plans",
                    "high-availability.zookeeper.path.jobgraphs"),
            new Renamed(
                    V2_0,
                    "jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling",
                    "jobmanager.adaptive-scheduler.scaling-interval.min"),
            new Renamed(
                    V2_0,
                    "jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout",
                    "jobmanager.adaptive-scheduler.resource-stabilization-timeout"),
            new Renamed(
                    V2_0,
                    "jobmanager.adaptive-scheduler.submission.resource-wait-timeout",
                    "jobmanager.adaptive-scheduler.resource-wait-timeout"));

    private KeyNames() {}

    /** The same configuration, in names that this version of Flink knows. Where both are set, the newer one wins. */
    static FlinkConfig forVersion(FlinkConfig config, FlinkVersion version) {
        var values = new TreeMap<>(config.values());
        for (var renamed : RENAMED) {
            if (!version.isAtLeast(renamed.since())) {
                var value = values.remove(renamed.name());
                if (value != null) {
                    values.put(renamed.older(), value);
                }
            }
        }
        return new FlinkConfig(values);
    }

    /** The value of a key under this name, or under the name before. */
    static Optional<String> find(FlinkConfig config, String name) {
        return config.get(name)
                .or(() -> RENAMED.stream()
                        .filter(renamed -> renamed.name().equals(name))
                        .findFirst()
                        .flatMap(renamed -> config.get(renamed.older())));
    }

    /** With a key set, and unset under the name before. */
    static FlinkConfig with(FlinkConfig config, String name, String value) {
        return without(config, name).with(name, value);
    }

    /** With a key set, unless it is there under either name. */
    static FlinkConfig withDefault(FlinkConfig config, String name, String value) {
        return find(config, name).isPresent() ? config : config.with(name, value);
    }

    private static FlinkConfig without(FlinkConfig config, String name) {
        var older = RENAMED.stream()
                .filter(renamed -> renamed.name().equals(name))
                .map(Renamed::older)
                .toList();
        return config.filter(key -> !key.equals(name) && !older.contains(key));
    }

    /** The name that replaced this one in Flink, if it did. */
    static Optional<String> newer(String older) {
        return RENAMED.stream()
                .filter(renamed -> renamed.older().equals(older))
                .map(Renamed::name)
                .findFirst();
    }
}
