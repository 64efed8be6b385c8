package io.drey.plugin.deployments;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.TaskManagerInfo;
import io.drey.spi.resource.TaskManagerSpec;
import java.util.Map;

/** What the scale subresource reads of an application that runs. */
final class TaskManagers {
    private static final ConfigKey<Integer> SLOTS = ConfigKey.integer("taskmanager.numberOfTaskSlots", 1);

    private TaskManagers() {}

    /** As many as {@code parallelism.default} needs, which a launch sets to the job's parallelism. */
    static TaskManagerInfo of(FlinkDeployment resource, FlinkDeploymentSpec spec, FlinkConfig config) {
        int parallelism = spec.job().map(JobSpec::parallelism).orElse(0);
        int replicas = spec.taskManager()
                .flatMap(TaskManagerSpec::replicas)
                .orElseGet(() -> Math.ceilDiv(parallelism, Math.max(1, config.orFallback(SLOTS))));
        return new TaskManagerInfo(
                "component=taskmanager,app=" + resource.metadata().name(), replicas, Map.of());
    }
}
