package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.operation.LaunchedJob;
import io.drey.spi.operation.Operation;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkResource;
import jakarta.inject.Inject;
import java.util.Optional;

/** Remembers whether a launch may have run all its tasks, and since when a change waits for it. */
final class LaunchedJobPart extends PluginMemory<LaunchedJob> {
    @Inject
    LaunchedJobPart(ObjectMapper mapper) {
        super(mapper, LaunchedJob.PLUGIN, LaunchedJob.FIELD, LaunchedJob.class);
    }

    @Override
    public Optional<LaunchedJob> reduce(Optional<LaunchedJob> part, Turn turn) {
        if (turn.ended() && turn.before().filter(Operation::launch).isPresent()) {
            // A job that goes on under its id is another launch.
            return turn.before()
                    .map(operation -> operation.results().get(Operation.JOB_ID))
                    .map(jobId -> new LaunchedJob(jobId, false, Optional.empty()));
        }
        if (!(turn.situation().resource() instanceof FlinkResource resource)) {
            return part;
        }
        var job = JobSeen.listed(turn.situation(), resource).filter(listed -> !listed.ended());
        if (turn.before().isPresent() || turn.after().isPresent()) {
            return job.filter(Job::working).isPresent() ? part.map(LaunchedJobPart::withoutWait) : part;
        }
        if (job.isEmpty()) {
            return part;
        }
        var known = LaunchedJob.of(resource);
        if (job.get().working()) {
            return Optional.of(new LaunchedJob(known.jobId(), true, Optional.empty()));
        }
        return turn.waiting().isPresent() && known.since().isEmpty()
                ? Optional.of(new LaunchedJob(
                        known.jobId(),
                        known.worked(),
                        Optional.of(turn.situation().now().toEpochMilli())))
                : part;
    }

    private static LaunchedJob withoutWait(LaunchedJob launched) {
        return new LaunchedJob(launched.jobId(), launched.worked(), Optional.empty());
    }
}
