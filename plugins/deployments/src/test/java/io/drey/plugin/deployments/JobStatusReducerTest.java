package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.config.ErrorFormat;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.Reading;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("a main method that failed, so that Flink knows of no checkpoint")
class JobStatusReducerTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Instant FIRST = NOW.minusSeconds(600);
    private static final String PATH = "s3://savepoints/1";

    private final Job failed =
            new Job("a", "(application driver)", "FAILED", NOW, Optional.of("x.Boom: boom"), Optional.empty());

    private static FlinkDeploymentStatus running(Optional<Instant> started) {
        return FlinkDeploymentStatus.builder()
                .jobManagerDeploymentStatus(JobManagerDeploymentStatus.READY)
                .jobStatus(JobStatus.EMPTY.toBuilder()
                        .jobId(Optional.of("a"))
                        .state(Optional.of(FlinkJobState.RECONCILING))
                        .startTime(started.map(time -> String.valueOf(time.toEpochMilli())))
                        .upgradeSavepointPath(Optional.of(PATH))
                        .build())
                .build();
    }

    private JobStatus after(FlinkDeploymentStatus status, boolean highAvailability, JobCheckpoints checkpoints) {
        return new JobStatusReducer(new ErrorJson(ErrorFormat.of(new FlinkConfig(Map.of()))), false, highAvailability)
                .reduce(
                        status,
                        Optional.of(new FlinkJobs(Reach.SERVING, List.of(failed), Map.of(), 1)),
                        new Reading.Known<>(checkpoints, NOW),
                        NOW,
                        new ArrayList<>())
                .jobStatus();
    }

    private static JobCheckpoints none() {
        return new JobCheckpoints(
                "a", "FAILED", NOW, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    @Tag("S150")
    @DisplayName("before there was a run of this launch: what it was to start from is still the newest")
    void neverRan() {
        var job = after(running(Optional.empty()), true, none());

        assertThat(job.state()).contains(FlinkJobState.FAILED);
        assertThat(job.upgradeSavepointPath()).contains(PATH);
    }

    @Test
    @Tag("S150")
    @DisplayName("after an earlier JobManager had run the job: its checkpoints are newer than what it started from")
    void ranBefore() {
        assertThat(after(running(Optional.of(FIRST)), true, none()).upgradeSavepointPath())
                .contains(JobStatus.LAST_STATE);
    }

    @Test
    @DisplayName("after an earlier JobManager, without high availability: each of them starts from the same")
    void startsOver() {
        assertThat(after(running(Optional.of(FIRST)), false, none()).upgradeSavepointPath())
                .contains(PATH);
    }

    @Test
    @DisplayName("as long as Flink has not told of checkpoints, what is known of the earlier run is kept")
    void notToldYet() {
        var before = running(Optional.of(FIRST));

        assertThat(after(before, true, JobCheckpoints.unread("a"))).isEqualTo(before.jobStatus());
    }
}
