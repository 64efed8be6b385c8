package io.drey.plugin.upgrades;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.FlinkSpec;
import io.drey.spi.resource.JobStatus;
import io.drey.spi.resource.UpgradeMode;
import java.util.Map;
import java.util.Optional;

/** Where the state is of a job that does not change it any more: one that has ended, or that never began. */
final class StateAtRest {
    private StateAtRest() {}

    /** From the newest snapshot of a job that has ended, of whatever kind it is. */
    static Choice ofEnded(JobSeen job) {
        return job.listed().isPresent() ? asFlinkSays(job) : asRecorded(job);
    }

    private static Choice asFlinkSays(JobSeen job) {
        var checkpoints = job.situation().facts().get(JobCheckpoints.TYPE);
        if (!checkpoints.ended()) {
            return new Choice.Wait("Flink tells the last checkpoint of job " + job.jobId(), true);
        }
        if (checkpoints.newest().isEmpty()) {
            // It did not get as far as to restore anything.
            return ofLaunch(job);
        }
        var newest = checkpoints.newest().get();
        return newest.path().map(path -> kill(Restore.path(path))).orElseGet(() -> Refusals.notReadable(newest.id()));
    }

    private static Choice asRecorded(JobSeen job) {
        return job.status().upgradeSavepointPath().isPresent() ? recordedPath(job) : ofLaunch(job);
    }

    /** What the run before was configured with, which wrote the checkpoint: it was the stable one, if any was. */
    private static FlinkConfig before(JobSeen job) {
        var own = job.situation()
                .stable()
                .map(stable -> ((FlinkSpec) stable.spec()).flinkConfiguration().flatten())
                .orElse(Map.of());
        return job.situation().deployedConfig().with(new FlinkConfig(own));
    }

    /** From what the run was to start from, which it never did. */
    static Choice ofLaunch(JobSeen job) {
        return job.startedWith().equals(UpgradeMode.STATELESS) ? kill(Restore.NONE) : recordedPath(job);
    }

    private static Choice recordedPath(JobSeen job) {
        var path = job.status().upgradeSavepointPath().filter(text -> !text.isBlank());
        if (path.isEmpty()) {
            return Refusals.pathLost();
        }
        if (!path.get().equals(JobStatus.LAST_STATE)) {
            return kill(Restore.path(path.get()));
        }
        return promised(job).map(promised -> kill(Restore.path(promised))).orElseGet(Refusals::unknownCheckpoint);
    }

    /**
     * Where the checkpoint is that this run was to restore from metadata, and never did: Flink removes the metadata of a
     * job that fails for good, and leaves the checkpoint. It is what the job, whose id was the same before, was started
     * from, or where the job has written it; if it is elsewhere, nothing starts from it.
     */
    private static Optional<String> promised(JobSeen job) {
        var id = PromisePart.promisedCheckpoint(job.resource());
        var restored = Restored.of(job.resource());
        if (id.isEmpty()
                || restored.filter(path -> path.checkpointId().isEmpty()).isPresent()) {
            return Optional.empty();
        }
        return restored.filter(path -> path.checkpointId().equals(id))
                .map(Restored::path)
                .or(() -> StateDirectories.checkpoints(before(job))
                        .map(directory -> (directory.endsWith("/") ? directory : directory + "/") + job.jobId()
                                + "/chk-" + id.get()));
    }

    private static Choice kill(Restore restore) {
        return new Choice.Go(Target.CURRENT, Stop.of(StopMode.KILL), restore);
    }
}
