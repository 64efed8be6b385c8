package io.drey.spi.fact;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;

/**
 * The Kubernetes objects of one Flink cluster: its JobManager Deployment and the pods of its JobManagers.
 *
 * @param jobManager the Deployment, as the API server has it; empty only when its absence was confirmed by a live read
 * @param pods JobManager pods that exist, terminating ones included
 * @param warnings messages of Warning events about these pods that explain why they do not start ({@code FailedMount}),
 *     newest first
 */
public record ClusterObjects(Optional<JsonNode> jobManager, List<JsonNode> pods, List<String> warnings) {
    /** This fact. */
    public static final FactType<ClusterObjects> TYPE = new FactType<>("cluster-objects", ClusterObjects.class);

    /** Nothing is there. */
    public static final ClusterObjects ABSENT = new ClusterObjects(Optional.empty(), List.of(), List.of());

    public ClusterObjects {
        requireNonNull(jobManager, "jobManager");
        pods = List.copyOf(pods);
        warnings = List.copyOf(warnings);
    }

    /**
     * A condition of an object of Kubernetes.
     *
     * @param object as the API server has it
     * @param type of the condition, {@code Available} for one
     * @return a missing node when the object has no such condition
     */
    public static JsonNode condition(JsonNode object, String type) {
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /** Whether the Deployment is there, and nobody has begun to take it down. */
    public boolean untouched() {
        return jobManager
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp")
                        && manager.path("spec").path("replicas").asInt(1) > 0)
                .isPresent();
    }

    /** Whether the Deployment stays, and asks for no JobManager: no spec does, so a user or a tool scaled it. */
    public boolean scaledToZero() {
        return jobManager
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp")
                        && manager.path("spec").path("replicas").asInt(1) == 0)
                .isPresent();
    }

    /** Whether neither Deployment nor pod is left. */
    public boolean gone() {
        return jobManager.isEmpty() && pods.isEmpty();
    }
}
