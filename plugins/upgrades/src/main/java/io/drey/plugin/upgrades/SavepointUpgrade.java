package io.drey.plugin.upgrades;

import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.operation.SavepointStop;
import io.drey.spi.plan.Choice;
import jakarta.inject.Inject;

/** Stops what runs with a savepoint, and starts from it. What does not run is left to last-state. */
final class SavepointUpgrade extends MeasuredUpgrade {
    private static final String FALLBACK_KEY = OperatorKeys.LAST_STATE_FALLBACK.name();
    private static final ConfigKey<Boolean> FALLBACK = OperatorKeys.LAST_STATE_FALLBACK;

    @Inject
    SavepointUpgrade(DowntimePart downtimes) {
        super(downtimes);
    }

    @Override
    public String name() {
        return "savepoint";
    }

    @Override
    public Choice choose(Situation situation) {
        var job = JobSeen.of(situation);
        if (job.ended() || job.is("CANCELLING")) {
            return new Choice.Hand("last-state");
        }
        var failed = job.afterFailedStop();
        if (failed.isPresent()) {
            return failed.get();
        }
        if (job.working()) {
            return stop(job);
        }
        if (job.neverWorked()) {
            return new Choice.Hand("last-state");
        }
        if (job.is("RUNNING") && !job.waitedLong()) {
            return untilAllTasksRun(job);
        }
        if (job.versionChanges() || situation.config().get(FALLBACK)) {
            return new Choice.Hand("last-state");
        }
        return new Choice.Wait(
                "the job is RUNNING, so that a savepoint can be taken (" + FALLBACK_KEY + " is false)", false);
    }

    /** With a savepoint, if it is known where to, and all tasks of the job can take part. */
    static Choice stop(JobSeen job) {
        if (StateDirectories.savepoints(job.situation().config()).isEmpty()) {
            return Refusals.noSavepointDirectory();
        }
        var failed = job.afterFailedStop();
        if (failed.isPresent()) {
            return failed.get();
        }
        return job.working()
                ? new Choice.Go(Target.CURRENT, SavepointStop.of(job.situation().config()), Restore.SAVED)
                : untilAllTasksRun(job);
    }

    private static Choice untilAllTasksRun(JobSeen job) {
        return new Choice.Wait("all tasks of the job run, so that a savepoint can be taken: " + job.tasks(), false);
    }
}
