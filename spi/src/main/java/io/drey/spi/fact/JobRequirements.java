package io.drey.spi.fact;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parallelism that Flink has been told to give to the vertices of a job. Asked for on demand only.
 *
 * @param jobId which job
 * @param vertices bounds by vertex id; empty while there is no answer
 */
public record JobRequirements(String jobId, Optional<Map<String, Bounds>> vertices) {
    /** This fact. */
    public static final FactType<JobRequirements> TYPE = new FactType<>("job-requirements", JobRequirements.class);

    private static final String PARALLELISM = "parallelism";
    private static final String LOWER = "lowerBound";
    private static final String UPPER = "upperBound";

    /**
     * @param lower the job does not run with less
     * @param upper it gets no more
     */
    public record Bounds(int lower, int upper) {
        /** The lower bound goes down with the upper one, and stays when that goes up. */
        Bounds upTo(int parallelism) {
            return new Bounds(Math.min(lower, parallelism), parallelism);
        }
    }

    public JobRequirements {
        requireNonNull(jobId, "jobId");
        vertices = vertices.map(bounds -> Collections.unmodifiableMap(new TreeMap<>(bounds)));
    }

    /** Nothing is known of this job yet. */
    public static JobRequirements unread(String jobId) {
        return new JobRequirements(jobId, Optional.empty());
    }

    /** What Flink answered to GET of {@code /jobs/ID/resource-requirements}. */
    public static JobRequirements of(String jobId, JsonNode answer) {
        Map<String, Bounds> vertices = new TreeMap<>();
        answer.properties().forEach(vertex -> {
            var parallelism = vertex.getValue().path(PARALLELISM);
            if (parallelism.path(LOWER).canConvertToInt()
                    && parallelism.path(UPPER).canConvertToInt()) {
                vertices.put(
                        vertex.getKey(),
                        new Bounds(
                                parallelism.path(LOWER).asInt(),
                                parallelism.path(UPPER).asInt()));
            }
        });
        return new JobRequirements(jobId, Optional.of(vertices));
    }

    /** The same with this parallelism of these vertices; those that are none of the job's are passed over. */
    public JobRequirements with(Map<String, Integer> parallelism) {
        return new JobRequirements(jobId, vertices.map(known -> {
            Map<String, Bounds> changed = new TreeMap<>(known);
            parallelism.forEach(
                    (vertex, wanted) -> changed.computeIfPresent(vertex, (id, bounds) -> bounds.upTo(wanted)));
            return changed;
        }));
    }

    /** As Flink takes it with PUT. */
    public ObjectNode body() {
        var body = JsonNodeFactory.instance.objectNode();
        vertices.orElse(Map.of())
                .forEach((vertex, bounds) -> body.putObject(vertex)
                        .putObject(PARALLELISM)
                        .put(LOWER, bounds.lower())
                        .put(UPPER, bounds.upper()));
        return body;
    }
}
