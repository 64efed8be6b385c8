package io.drey.plugin.validators;

import java.util.List;

/** Parallelism comes from the number of TaskManagers or is given, and is positive. */
final class ParallelismRule extends JobRule {
    ParallelismRule() {
        super(1100);
    }

    @Override
    List<Violation> check(JobCandidate candidate) {
        var taskManagers = candidate.taskManagers();
        if (taskManagers.isPresent()) {
            return taskManagers.get() >= 1
                    ? List.of()
                    : List.of(Violation.of(
                            "spec.taskManager.replicas",
                            "Found " + taskManagers.get() + ", must be larger than 0",
                            "Set it to 1 or more, or remove it and set spec.job.parallelism"));
        }
        int parallelism = candidate.job().parallelism();
        return parallelism >= 1
                ? List.of()
                : List.of(Violation.of(
                        "spec.job.parallelism",
                        "Found " + parallelism + ", must be larger than 0",
                        "Set it to 1 or more"));
    }
}
