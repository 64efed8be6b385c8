package io.drey.plugin.upgrades;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.Choice;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A last checkpoint that is too old costs more than a savepoint does. */
final class CheckpointAge {
    private static final ConfigKey<Optional<Duration>> ALLOWED = OperatorKeys.MAX_CHECKPOINT_AGE;

    private CheckpointAge() {}

    /** What to do about a running job whose last checkpoint is too old; empty when it is not. */
    static Optional<Choice> decide(JobSeen job) {
        var allowed = job.situation().config().get(ALLOWED);
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        var oldest = job.situation().now().minus(allowed.get());
        if (young(job.listed().map(listed -> listed.startTime()), oldest)) {
            return Optional.empty();
        }
        var checkpoints = job.situation().facts().get(JobCheckpoints.TYPE);
        if (!checkpoints.known()) {
            return Optional.of(new Choice.Wait("Flink tells the checkpoints of job " + job.jobId(), false));
        }
        if (young(checkpoints.completed().map(JobCheckpoints.Snapshot::at), oldest)) {
            return Optional.empty();
        }
        return Optional.of(
                young(checkpoints.pendingSince(), oldest)
                        ? new Choice.Wait("the checkpoint that is under way is complete", false)
                        : SavepointUpgrade.stop(job));
    }

    private static boolean young(Optional<Instant> time, Instant oldest) {
        return time.filter(at -> !at.isBefore(oldest)).isPresent();
    }
}
