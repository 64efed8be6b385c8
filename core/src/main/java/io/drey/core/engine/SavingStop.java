package io.drey.core.engine;

import io.drey.spi.Deployer;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.Step;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A stop whose result must be kept before anything is taken down: with a savepoint, or by cancelling and keeping where the
 * last checkpoint is. Says what is to be done about the job, in whatever state it is found; nothing here goes on without
 * the result.
 */
final class SavingStop {
    private static final Duration POLL = Duration.ofSeconds(1);

    /** On top of Flink's own limit, for the job to end and for answers to come. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final ConfigKey<Duration> CHECKPOINT_TIMEOUT =
            ConfigKey.duration("execution.checkpointing.timeout", Duration.ofMinutes(10));

    private final Operation operation;
    private final Deployer deployer;
    private final PassSituation situation;
    private final String jobId;

    SavingStop(Operation operation, Deployer deployer, PassSituation situation) {
        this.operation = operation;
        this.deployer = deployer;
        this.situation = situation;
        this.jobId = situation.resource() instanceof FlinkResource resource
                ? resource.status().jobStatus().jobId().orElse("")
                : "";
    }

    /**
     * Steps until the result is there.
     *
     * @throws Abandoned when the job was not stopped, and will not be by this operation
     * @throws Unplannable when the job was stopped and its result is lost
     */
    List<Step> steps() {
        if (situation.facts().get(ClusterObjects.TYPE).jobManager().isEmpty()) {
            return vanished("the JobManager Deployment is gone");
        }
        // What was seen before says neither that the job still runs nor that it is gone.
        var flink = situation.facts().find(FlinkJobs.TYPE, operation.phaseAt());
        if (flink.isEmpty() && operation.stop().mode() == StopMode.SAVEPOINT) {
            // The step itself asks for the job's state first, and can be asked again and again.
            return withSavepoint();
        }
        if (flink.isEmpty() || flink.get().reach() != Reach.SERVING) {
            return waiting("the JobManager answers");
        }
        return flink.get().job(jobId).map(this::stop).orElseGet(() -> vanished("Flink does not list the job any more"));
    }

    private List<Step> stop(Job job) {
        if (operation.stop().mode() == StopMode.CHECKPOINT) {
            return byCancelling(job);
        }
        // A savepoint that cannot succeed costs a restart of all tasks.
        boolean notYet = operation.phase() == Phase.RECORDED && job.state().equals("RUNNING") && !job.working();
        return notYet ? waiting("all tasks of the job run") : withSavepoint();
    }

    private List<Step> withSavepoint() {
        if (late()) {
            throw new Abandoned(
                    "SavepointError",
                    "job " + jobId + " was not stopped with a savepoint within " + limit().toSeconds()
                            + " s, and goes on. If it only needs longer, raise execution.checkpointing.timeout");
        }
        return List.of(new Step.StopJob(
                deployer.flink(situation.resource(), situation.deployedConfig()),
                jobId,
                EffectId.derive(operation.id(), "savepoint", operation.attempt()),
                Optional.of(new SavepointRequest(
                        StateDirectories.savepoints(situation.config()),
                        operation.stop().format().orElse("CANONICAL"),
                        operation.stop().drain())),
                false));
    }

    private List<Step> byCancelling(Job job) {
        var keep = new Step.Keep(Phase.STOPPING, Map.of());
        var await = new Step.Await("the job has ended, and its last checkpoint is known", POLL);
        if (job.ended()) {
            var checkpoints = situation.facts().get(JobCheckpoints.TYPE);
            return checkpoints.ended() && checkpoints.jobId().equals(jobId)
                    ? List.of(new Step.Keep(Phase.STOPPING, pointer(checkpoints)))
                    : List.of(await, keep);
        }
        if (job.state().equals("CANCELLING")) {
            return List.of(await, keep);
        }
        return List.of(
                new Step.StopJob(
                        deployer.flink(situation.resource(), situation.deployedConfig()),
                        jobId,
                        EffectId.derive(operation.id(), "cancel", operation.attempt()),
                        Optional.empty(),
                        false),
                await,
                keep);
    }

    private Map<String, String> pointer(JobCheckpoints checkpoints) {
        Map<String, String> proof = new TreeMap<>();
        var newest = checkpoints.newest();
        if (newest.isEmpty()) {
            proof.put(Operation.SAVEPOINT, "");
            return proof;
        }
        proof.put(
                Operation.SAVEPOINT,
                newest.get()
                        .path()
                        .orElseThrow(() -> new Unplannable(
                                ErrorKind.USER,
                                "CheckpointNotFound",
                                "checkpoint " + newest.get().id() + " of job " + jobId + " cannot be read from outside,"
                                        + " or was discarded with the job. Manual restore required. " + mend())));
        proof.put(Operation.CHECKPOINT_ID, String.valueOf(newest.get().id()));
        proof.put(Operation.SAVED_AT, newest.get().at().toString());
        return proof;
    }

    /** The job is not there to be stopped. What high availability still knows of it is the truth; else nothing is. */
    private List<Step> vanished(String how) {
        var recorded = recordedEnd();
        if (recorded.isPresent()) {
            return List.of(new Step.Keep(Phase.STOPPING, Map.of(Operation.SAVEPOINT, recorded.get())));
        }
        boolean recoverable = RecoverableJobs.of(situation)
                .filter(metadata -> metadata.knows(jobId))
                .isPresent();
        boolean asked = operation.phase() == Phase.STOPPING;
        if (recoverable) {
            boolean managed =
                    situation.facts().get(ClusterObjects.TYPE).jobManager().isPresent();
            if (managed && !late()) {
                return waiting("the job is recovered");
            }
            throw new Abandoned("SavepointError", how + " in the middle of a stop of job " + jobId);
        }
        if (!asked || operation.cause() == Operation.Cause.DELETE) {
            throw new Abandoned("SavepointError", how + ", so job " + jobId + " cannot be stopped with its state");
        }
        throw new Unplannable(
                ErrorKind.USER,
                "SavepointError",
                how + " after it was asked at " + operation.startedAt() + " to stop job " + jobId
                        + ", so where its state was saved is lost. Manual restore required. " + mend());
    }

    /** The state of a job that is recorded as ended, which it is only together with its newest snapshot. */
    private Optional<String> recordedEnd() {
        return situation.resource() instanceof FlinkResource resource
                ? Optional.of(resource.status().jobStatus())
                        .filter(job -> job.state()
                                .filter(FlinkJobState::isGloballyTerminal)
                                .isPresent())
                        .flatMap(JobStatus::upgradeSavepointPath)
                        .filter(path -> !path.isBlank() && !path.equals(JobStatus.LAST_STATE))
                : Optional.empty();
    }

    private String mend() {
        var directory = operation.stop().mode() == StopMode.SAVEPOINT
                ? StateDirectories.savepoints(situation.config())
                : StateDirectories.checkpoints(situation.config());
        return "Look for the newest snapshot that was made after " + operation.startedAt() + " in "
                + directory.orElse("the directory that the image configures")
                + ", and set spec.job.initialSavepointPath to it with a new spec.job.savepointRedeployNonce";
    }

    private List<Step> waiting(String until) {
        if (late()) {
            throw new Abandoned(
                    "SavepointError", "waited " + limit().toSeconds() + " s until " + until + ", to stop job " + jobId);
        }
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Await(until, POLL));
        return steps;
    }

    private boolean late() {
        return situation.now().isAfter(operation.startedAt().plus(limit()));
    }

    private Duration limit() {
        return timeout(situation.deployedConfig()).plus(GRACE);
    }

    private static Duration timeout(FlinkConfig config) {
        try {
            return config.get(CHECKPOINT_TIMEOUT);
        } catch (BadConfig e) {
            return CHECKPOINT_TIMEOUT.fallback();
        }
    }
}
