package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Situation;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** TaskManagers that Flink asks for, and that a quota, a webhook or their template keeps from being made. */
final class MissingTaskManagers {
    /** How long a TaskManager whose container runs may take to register. */
    private static final Duration REGISTERS_WITHIN = Duration.ofMinutes(2);

    private MissingTaskManagers() {}

    /** @param pods of TaskManagers of this launch */
    static Optional<PodProblem> of(Situation situation, List<JsonNode> pods) {
        var status = ((FlinkDeployment) situation.resource()).status();
        boolean waits = Jobs.listed(situation, status)
                .filter(MissingTaskManagers::waitsForSlots)
                .filter(job -> !job.tasksRun(situation.deployedConfig()))
                .isPresent();
        if (!waits || pods.stream().anyMatch(pod -> startedAt(pod).isEmpty())) {
            return Optional.empty();
        }
        return Stream.concat(
                        Stream.of(
                                notReadySince(status).orElse(situation.now()),
                                runningSince(status).orElse(situation.now())),
                        pods.stream()
                                .map(MissingTaskManagers::startedAt)
                                .flatMap(Optional::stream)
                                .map(started -> started.plus(REGISTERS_WITHIN)))
                .max(Instant::compareTo)
                .map(PodProblem::missing);
    }

    private static boolean waitsForSlots(Job job) {
        return job.state().equals("RUNNING")
                && job.tasks().filter(tasks -> waiting(tasks) > 0).isPresent();
    }

    private static int waiting(Tasks tasks) {
        return tasks.created() + tasks.scheduled();
    }

    /** When the job began to ask for slots. */
    private static Optional<Instant> runningSince(FlinkDeploymentStatus status) {
        return Jobs.running(status) ? status.jobStatus().updatedAt() : Optional.empty();
    }

    private static Optional<Instant> notReadySince(FlinkDeploymentStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(ProgressConditions.READY) && !condition.holds())
                .findFirst()
                .flatMap(Condition::lastTransitionTime);
    }

    /** When the last of its containers began to run; empty when one does not. */
    private static Optional<Instant> startedAt(JsonNode pod) {
        try {
            return pod.at("/status/containerStatuses")
                    .valueStream()
                    .map(container -> Instant.parse(
                            container.at("/state/running/startedAt").asText()))
                    .max(Instant::compareTo);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
