package io.drey.plugin.validators;

import io.drey.spi.resource.JobManagerSpec;
import java.util.ArrayList;
import java.util.List;

/** Memory, CPU and number of JobManagers. */
final class JobManagerRule extends DeploymentRule {
    private static final ProcessRules PROCESS = new ProcessRules(
            "jobManager",
            List.of(
                    List.of("jobmanager.memory.process.size"),
                    List.of("jobmanager.memory.flink.size"),
                    List.of("jobmanager.memory.heap.size"),
                    List.of("jobmanager.heap.size")));

    JobManagerRule() {
        super(1200);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var jobManager = candidate.spec().jobManager().orElse(JobManagerSpec.EMPTY);
        var found = new ArrayList<>(PROCESS.check(candidate, jobManager.resource(), jobManager.resources()));
        int replicas = jobManager.replicas();
        if (replicas < 1) {
            found.add(Violation.of(
                    "spec.jobManager.replicas",
                    "Found " + replicas + ", must not be less than one",
                    "Set it to 1, or remove it"));
        } else if (replicas > 1 && !candidate.config().highAvailability()) {
            found.add(Violation.of(
                    "spec.jobManager.replicas",
                    "Found " + replicas + " without high availability, which standby JobManagers need",
                    "Set high-availability.type (kubernetes) and high-availability.storageDir, or replicas to 1"));
        }
        return found;
    }
}
