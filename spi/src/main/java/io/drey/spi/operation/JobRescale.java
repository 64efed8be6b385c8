package io.drey.spi.operation;

import io.drey.spi.Situation;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.ParallelismOverrides;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobRequirements;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Rescaling.Impossible;
import io.drey.spi.plan.Rescaling.Possible;
import io.drey.spi.plan.Rescaling.Wanted;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.FlinkSpec;
import io.drey.spi.resource.FlinkVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Other parallelism of single vertices of a job that runs, which Flink's adaptive scheduler is told over REST. For
 * deployers whose clusters have it.
 */
public final class JobRescale {
    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.INPLACE_SCALING;
    private static final ConfigKey<Optional<String>> SCHEDULER = ConfigKey.text("jobmanager.scheduler");

    /** States of a job that has not ended, and does not go on either. */
    private static final Set<String> LEAVING = Set.of("CANCELLING", "SUSPENDED");

    private JobRescale() {}

    /**
     * Whether that can be done, and how.
     *
     * @param flink the cluster of the job
     * @throws io.drey.spi.fact.MissingFact when {@link JobRequirements} were not read
     */
    public static Rescaling of(Situation situation, Wanted wanted, FlinkRef flink) {
        Map<String, Integer> parallelism;
        try {
            parallelism = parallelism(wanted);
        } catch (BadConfig e) {
            return new Impossible(String.valueOf(e.getMessage()));
        }
        var jobId = ((FlinkResource) situation.resource()).status().jobStatus().jobId();
        var obstacle = byConfiguration(situation).or(() -> byState(situation, jobId.orElse("")));
        if (obstacle.isPresent()) {
            return new Impossible(obstacle.get());
        }
        var known = situation.facts().get(JobRequirements.TYPE);
        var dropped = known.vertices().orElse(Map.of()).keySet().stream()
                .filter(wanted.dropped()::contains)
                .toList();
        if (!dropped.isEmpty()) {
            return new Impossible("vertices " + dropped + " have no parallelism of their own any more in "
                    + ParallelismOverrides.NAME);
        }
        return situation
                .facts()
                .find(JobRequirements.TYPE, wanted.since())
                .filter(requirements -> requirements.vertices().isPresent())
                .map(requirements -> steps(requirements, parallelism, flink))
                .orElse(new Possible(List.of(
                        new Step.Await("Flink has told the job's resource requirements", Duration.ofSeconds(1)))));
    }

    private static Map<String, Integer> parallelism(Wanted wanted) {
        return wanted.target().spec() instanceof FlinkSpec spec ? ParallelismOverrides.of(spec) : Map.of();
    }

    private static Optional<String> byConfiguration(Situation situation) {
        var config = situation.deployedConfig();
        if (!config.orFallback(ENABLED)) {
            return Optional.of(ENABLED.name() + " is false");
        }
        boolean old = situation
                .deployed()
                .flatMap(deployed -> deployed.spec() instanceof FlinkDeploymentSpec spec
                        ? spec.flinkVersion()
                        : Optional.<FlinkVersion>empty())
                .filter(version -> version.isAtLeast(FlinkVersion.V1_18))
                .isEmpty();
        if (old) {
            return Optional.of("Flink is older than 1.18");
        }
        boolean adaptive = config.get(SCHEDULER)
                .filter(scheduler -> scheduler.strip().equalsIgnoreCase("adaptive"))
                .isPresent();
        return adaptive ? Optional.empty() : Optional.of(SCHEDULER.name() + " is not adaptive");
    }

    private static Optional<String> byState(Situation situation, String jobId) {
        var recorded =
                ((FlinkResource) situation.resource()).status().jobStatus().state();
        if (recorded.isEmpty()
                || recorded.get().equals(FlinkJobState.RECONCILING)
                || leaves(recorded.get().wire())) {
            return Optional.of("the job is " + recorded.map(FlinkJobState::wire).orElse("not there"));
        }
        var flink = situation.facts().find(FlinkJobs.TYPE);
        if (flink.isEmpty()) {
            return Optional.empty();
        }
        if (flink.get().reach() != Reach.SERVING) {
            return Optional.of("the JobManager does not answer");
        }
        return flink.get()
                .job(jobId)
                .map(job -> leaves(job.state()) ? Optional.of("the job is " + job.state()) : Optional.<String>empty())
                .orElse(Optional.of("Flink does not list the job"));
    }

    private static boolean leaves(String state) {
        return LEAVING.contains(state) || new FlinkJobState(state).isGloballyTerminal();
    }

    private static Rescaling steps(JobRequirements has, Map<String, Integer> parallelism, FlinkRef flink) {
        var wanted = has.with(parallelism);
        return new Possible(
                wanted.equals(has) ? List.of() : List.of(new Step.Rescale(flink, has.jobId(), wanted.body())));
    }
}
