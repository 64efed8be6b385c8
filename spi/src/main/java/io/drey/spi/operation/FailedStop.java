package io.drey.spi.operation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.resource.FlinkResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A stop that was to save the state of a job, and failed: the job goes on. In {@code status.plugins.upgrades.failedStop},
 * written by the plugin {@code upgrades}, so that whoever stops jobs keeps to one pause.
 *
 * @param generation of the spec that was to be carried out
 * @param attempts that failed for this generation
 * @param at when the last one failed, epoch milliseconds
 * @param next when the next one may be made, epoch milliseconds
 * @param failover whether the job was not seen with all its tasks running since: Flink restarts them after such a failure
 * @param code of the failure
 * @param message of the failure
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FailedStop(
        long generation, int attempts, long at, long next, boolean failover, String code, String message) {
    /** Where it is in {@code status.plugins}: the plugin's id. */
    public static final String PLUGIN = "upgrades";

    /** Where it is in the plugin's part. */
    public static final String FIELD = "failedStop";

    public FailedStop {
        requireNonNull(code, "code");
        requireNonNull(message, "message");
    }

    /** The one that is recorded for a resource. */
    public static Optional<FailedStop> of(FlinkResource resource) {
        return Optional.ofNullable(resource.status().plugins().get(PLUGIN))
                .map(memory -> memory.path(FIELD))
                .filter(JsonNode::isObject)
                .map(part -> new FailedStop(
                        part.path("generation").asLong(),
                        part.path("attempts").asInt(),
                        part.path("at").asLong(),
                        part.path("next").asLong(),
                        part.path("failover").asBoolean(),
                        part.path("code").asText(),
                        part.path("message").asText()));
    }

    /** How long the next attempt has to wait; empty when it need not, or the spec was edited since. */
    public Optional<Duration> pause(FlinkResource resource, Instant now) {
        return generation == resource.metadata().generation() && attempts > 0 && now.toEpochMilli() < next
                ? Optional.of(Duration.ofMillis(next - now.toEpochMilli()))
                : Optional.empty();
    }

    /** Why it failed. */
    public Failure cause() {
        return new Failure(ErrorKind.EXTERNAL, code, message);
    }
}
