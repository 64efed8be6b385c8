package io.drey.spi.fact;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Tasks;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlinkJobsTest {
    @Test
    void a_task_that_waits_for_a_slot_starts_or_ends_is_not_settled() {
        assertThat(new Tasks(0, 0, 0, 2, 0, 0).settled()).isTrue();
        assertThat(new Tasks(0, 1, 0, 1, 0, 0).settled()).isFalse();
        assertThat(new Tasks(0, 0, 1, 1, 0, 0).settled()).isFalse();
        assertThat(new Tasks(0, 0, 0, 1, 0, 1).settled()).isFalse();
        assertThat(new Tasks(2, 0, 0, 0, 0, 0).settled()).isFalse();
    }

    @Test
    void finished_tasks_count_and_a_batch_job_needs_one_that_runs() {
        assertThat(new Tasks(0, 0, 0, 1, 1, 0).settled()).isTrue();
        assertThat(new Tasks(4, 0, 0, 1, 3, 0).settled()).isTrue();
        assertThat(new Tasks(4, 0, 0, 0, 3, 0).settled()).isFalse();
    }

    @Test
    void only_a_running_job_works_and_unknown_tasks_count_as_running() {
        assertThat(job("RUNNING", Optional.empty()).working()).isTrue();
        assertThat(job("RESTARTING", Optional.empty()).working()).isFalse();
        assertThat(job("RUNNING", Optional.of(new Tasks(0, 1, 0, 1, 0, 0))).working())
                .isFalse();
    }

    private static Job job(String state, Optional<Tasks> tasks) {
        return new Job("a", "orders", state, Instant.EPOCH, Optional.empty(), tasks);
    }
}
