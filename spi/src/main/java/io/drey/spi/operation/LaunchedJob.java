package io.drey.spi.operation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Situation;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.resource.FlinkResource;
import java.util.Optional;

/**
 * Whether a launch has run all its tasks, in {@code status.plugins.upgrades.launched}, written by the plugin {@code
 * upgrades}. One that never has, and wrote no checkpoint, has no state but what it restored.
 *
 * @param jobId of the launch
 * @param worked whether all its tasks were seen to run
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

    /** What is recorded of the launch that the status records now; one of which nothing was seen yet else. */
    public static LaunchedJob of(FlinkResource resource) {
        var fresh = new LaunchedJob(resource.status().jobStatus().jobId().orElse(""), false, Optional.empty());
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
     * @throws io.drey.spi.fact.MissingFact when its checkpoints were not read
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
                && checkpoints.jobId().equals(listed.map(Job::id).orElse(""))
                && checkpoints.completed().isEmpty()
                && checkpoints.savepoint().isEmpty();
    }
}
