package io.drey.plugin.nativek8s;

import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.TaskManagerSpec;
import io.drey.spi.resource.UpgradeMode;
import java.util.OptionalLong;
import java.util.Set;

/** What {@code spec.job} says, as configuration. In every mode. */
final class JobConfig implements Decorator<FlinkConfig> {
    /**
     * Where a job restores from that is to find its state in high-availability metadata. There is no such place: a job
     * that lost its metadata fails, instead of starting empty.
     */
    static final String LAST_STATE = "KUBERNETES_OPERATOR_LAST_STATE";

    private static final ConfigKey<Integer> SLOTS = ConfigKey.integer("taskmanager.numberOfTaskSlots", 1);

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
        if (spec.job().isEmpty()) {
            return value;
        }
        var job = spec.job().get();
        var config = parallelism(value, spec, job)
                .with("execution.shutdown-on-application-finish", "false")
                .withDefault("execution.submit-failed-job-on-application-error", "true")
                .withDefault("pipeline.name", target.metadata().name())
                .withDefault("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        if (job.upgradeMode().equals(UpgradeMode.LAST_STATE)) {
            config = config.withDefault("execution.checkpointing.interval", "5 min");
        }
        if (job.allowNonRestoredState().isPresent()) {
            config = KeyNames.with(
                    config,
                    "execution.state-recovery.ignore-unclaimed-state",
                    job.allowNonRestoredState().get().toString());
        }
        return restoresCheckpoint(config, situation) ? RestorePath.of(config, LAST_STATE) : RestorePath.none(config);
    }

    private static FlinkConfig parallelism(FlinkConfig config, FlinkDeploymentSpec spec, JobSpec job) {
        var replicas = spec.taskManager().flatMap(TaskManagerSpec::replicas);
        if (replicas.isPresent()) {
            return config.with("parallelism.default", String.valueOf(replicas.get() * config.get(SLOTS)));
        }
        return job.parallelism() > 0 ? config.with("parallelism.default", String.valueOf(job.parallelism())) : config;
    }

    /** Metadata may be lost between two objects of one launch: the checkpoint that was promised counts as much as what is read. */
    private static boolean restoresCheckpoint(FlinkConfig config, Situation situation) {
        return situation
                .operation()
                .filter(operation -> operation.restore().mode() == RestoreMode.HIGH_AVAILABILITY)
                .filter(operation ->
                        operation.results().containsKey(Operation.CHECKPOINT_ID) || haveCheckpoint(config, situation))
                .isPresent();
    }

    private static boolean haveCheckpoint(FlinkConfig config, Situation situation) {
        if (config.zooKeeperHighAvailability()) {
            return situation.facts().get(ZooKeeperMetadata.TYPE).jobs().values().stream()
                    .anyMatch(OptionalLong::isPresent);
        }
        return config.kubernetesHighAvailability()
                && HighAvailabilityMaps.haveCheckpoint(situation.facts().get(HighAvailability.TYPE));
    }
}
