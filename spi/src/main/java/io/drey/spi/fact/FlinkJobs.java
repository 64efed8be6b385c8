package io.drey.spi.fact;

import static java.util.Objects.requireNonNull;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkJobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a JobManager's REST API says, from the poller's cache.
 *
 * @param reach whether it answers
 * @param jobs all jobs that it lists; empty unless it answers
 * @param cluster {@code flink-version}, {@code flink-revision} and the like; empty until first read
 * @param taskManagers registered TaskManagers
 */
public record FlinkJobs(Reach reach, List<Job> jobs, Map<String, String> cluster, int taskManagers) {
    /** This fact. */
    public static final FactType<FlinkJobs> TYPE = new FactType<>("flink-jobs", FlinkJobs.class);

    /** Nothing answers. */
    public static final FlinkJobs UNREACHABLE = new FlinkJobs(Reach.UNREACHABLE, List.of(), Map.of(), 0);

    /** How a JobManager answers. */
    public enum Reach {
        /** No connection, or no answer in time. */
        UNREACHABLE,
        /** It accepts connections but does not serve yet. */
        STARTING,
        /** It serves. */
        SERVING
    }

    /**
     * @param id 32 hex digits
     * @param name as the job named itself
     * @param state Flink's JobStatus name
     * @param startTime by the cluster's clock
     * @param failure stack trace of a FAILED job as Flink prints it, at most 16 K characters, when it was read
     * @param tasks its tasks by state, where Flink tells
     */
    public record Job(
            String id, String name, String state, Instant startTime, Optional<String> failure, Optional<Tasks> tasks) {
        public Job {
            requireNonNull(id, "id");
            requireNonNull(name, "name");
            requireNonNull(state, "state");
            requireNonNull(startTime, "startTime");
            requireNonNull(failure, "failure");
            requireNonNull(tasks, "tasks");
        }

        /** Whether it has ended for good. */
        public boolean ended() {
            return new FlinkJobState(state).isGloballyTerminal();
        }

        /** The same job with other tasks. */
        public Job with(Optional<Tasks> now) {
            return new Job(id, name, state, startTime, failure, now);
        }

        /** Whether it runs with all its tasks, so that a savepoint can be taken. Unknown tasks count as running. */
        public boolean working() {
            return state.equals("RUNNING") && tasks.map(Tasks::settled).orElse(true);
        }

        /**
         * Whether its tasks run: it is {@code RUNNING} for Flink as soon as slots were asked for. Tasks that have finished
         * count. The stages of a batch job take turns for the slots, so one running task is enough. Unknown tasks count as
         * running.
         *
         * @param config that it was launched with
         */
        public boolean tasksRun(FlinkConfig config) {
            return tasks.map(now -> now.settled() || now.running() > 0 && (now.created() > 0 || batch(config)))
                    .orElse(true);
        }

        private static boolean batch(FlinkConfig config) {
            return config.get("execution.runtime-mode")
                    .filter("BATCH"::equalsIgnoreCase)
                    .isPresent();
        }
    }

    /**
     * Tasks of a job, counted by state.
     *
     * @param created not scheduled yet: later stages of a batch job
     * @param scheduled that wait for a slot
     * @param starting that are deployed, initialized or reconciled
     * @param running that run
     * @param finished that came to their end
     * @param ending that are being cancelled, were cancelled, or failed
     */
    public record Tasks(int created, int scheduled, int starting, int running, int finished, int ending) {
        /**
         * Whether no task waits for a slot, starts or ends. The stages of a batch job run one after the other, so tasks that
         * are not scheduled yet are passed over where another one runs.
         */
        public boolean settled() {
            return scheduled == 0 && starting == 0 && ending == 0 && (created == 0 || running > 0);
        }

        @Override
        public String toString() {
            return running + " running, " + (created + scheduled) + " waiting for a slot, " + starting + " starting, "
                    + ending + " ending, " + finished + " finished";
        }
    }

    public FlinkJobs {
        requireNonNull(reach, "reach");
        jobs = List.copyOf(jobs);
        cluster = Map.copyOf(cluster);
    }

    /** The job with this id, if it is listed. */
    public Optional<Job> job(String id) {
        return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
    }
}
