package io.drey.spi.operation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Situation;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.resource.FlinkResource;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A launch that may have run all its tasks, in {@code status.plugins.upgrades.launched}, written by the plugin {@code
 * upgrades}. One that never has, and wrote no checkpoint, has no state but what it restored.
 *
 * @param jobId of the launch
 * @param worked whether all its tasks may have run; false from a launch on until they were seen to run
 * @param since when a change began to wait for all its tasks to run, epoch milliseconds
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LaunchedJob(String jobId, boolean worked, Optional<Long> since) {
    /** Where it is in {@code status.plugins}: the plugin's id. */
    public static final String PLUGIN = "upgrades";

    /** Where it is in the plugin's part. */
    public static final String FIELD = "launched";

    public LaunchedJob {
        jobId = jobId == null ? "" : jobId;
        since = since == null ? Optional.empty() : since;
    }

    /** The record of the current launch. Without one, of another operator for example, all tasks may well have run. */
    public static LaunchedJob of(FlinkResource resource) {
        var fresh = new LaunchedJob(resource.status().jobStatus().jobId().orElse(""), true, Optional.empty());
        return Optional.ofNullable(resource.status().plugins().get(PLUGIN))
                .map(memory -> memory.path(FIELD))
                .filter(JsonNode::isObject)
                .filter(part -> part.path("jobId").asText().equals(fresh.jobId()))
                .map(part -> new LaunchedJob(
                        fresh.jobId(),
                        part.path("worked").asBoolean(),
                        part.path("since").canConvertToLong()
                                ? Optional.of(part.path("since").asLong())
                                : Optional.empty()))
                .orElse(fresh);
    }

    /**
     * Whether the job is listed, does not run all its tasks, and never has: then its state is what it restored.
     *
     * @throws io.drey.spi.fact.MissingFact when its checkpoints or its high-availability metadata were not read
     */
    public static boolean neverWorked(Situation situation, FlinkResource resource) {
        var listed = situation
                .sinceLaunch(FlinkJobs.TYPE, resource.status())
                .filter(seen -> seen.reach() == Reach.SERVING)
                .flatMap(seen -> resource.status().jobStatus().jobId().flatMap(seen::job))
                .filter(job -> !job.ended() && !job.working());
        if (listed.isEmpty() || of(resource).worked()) {
            return false;
        }
        var checkpoints = situation.facts().get(JobCheckpoints.TYPE);
        return checkpoints.known()
                && checkpoints.jobId().equals(listed.get().id())
                && checkpoints.completed().isEmpty()
                && checkpoints.savepoint().isEmpty()
                && !restoresWhatItWrote(checkpoints, situation);
    }

    /** A JobManager counts checkpoints anew when it takes over: what the one before it wrote is in the metadata. */
    private static boolean restoresWhatItWrote(JobCheckpoints checkpoints, Situation situation) {
        var newest = RecoverableJobs.of(situation)
                .map(metadata -> metadata.newestCheckpoint(checkpoints.jobId()))
                .orElse(OptionalLong.empty());
        return newest.isPresent()
                && checkpoints
                        .restored()
                        .filter(snapshot -> snapshot.id() == newest.getAsLong())
                        .isEmpty();
    }
}
