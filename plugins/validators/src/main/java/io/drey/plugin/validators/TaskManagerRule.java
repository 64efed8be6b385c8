package io.drey.plugin.validators;

import io.drey.spi.resource.TaskManagerSpec;
import java.util.ArrayList;
import java.util.List;

/** Memory, CPU and number of TaskManagers. */
final class TaskManagerRule extends DeploymentRule {
    private static final ProcessRules PROCESS = new ProcessRules(
            "taskManager",
            List.of(
                    List.of("taskmanager.memory.process.size"),
                    List.of("taskmanager.memory.flink.size"),
                    List.of("taskmanager.memory.task.heap.size", "taskmanager.memory.managed.size"),
                    List.of("taskmanager.heap.size")));

    TaskManagerRule() {
        super(1600);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var taskManager = candidate.spec().taskManager().orElse(TaskManagerSpec.EMPTY);
        var found = new ArrayList<>(PROCESS.check(candidate, taskManager.resource(), taskManager.resources()));
        taskManager
                .replicas()
                .filter(replicas -> replicas < 1)
                .ifPresent(replicas -> found.add(Violation.of(
                        "spec.taskManager.replicas",
                        "Found " + replicas + ", must not be less than one",
                        "Set it to 1 or more, or remove it")));
        return found;
    }
}
