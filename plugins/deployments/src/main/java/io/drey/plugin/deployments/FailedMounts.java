package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.plan.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Warnings that a volume of a pod cannot be mounted, which Kubernetes tells in events only. Asked for while a pod has
 * been waiting for its sandbox or its init containers for some time, and never of a JobManager that is available.
 */
final class FailedMounts {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    List<String> failed(Optional<JsonNode> deployment, List<JsonNode> pods, ObserveContext context) {
        if (deployment.isEmpty()
                || JobManagerReducer.available(deployment.get())
                || young(deployment.get(), context.situation().now())) {
            return List.of();
        }
        List<String> failed = new ArrayList<>();
        for (var pod : pods) {
            if (waits(pod)) {
                var metadata = pod.path("metadata");
                var key = new ObjectKey(
                        "v1",
                        "Pod",
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText());
                context.warnings(key).stream()
                        .filter(event -> event.path("reason").asText().equals("FailedMount"))
                        .map(event -> event.path("message").asText())
                        .forEach(failed::add);
            }
        }
        return failed;
    }

    private static boolean waits(JsonNode pod) {
        return isFalse(pod, "Ready") && (isFalse(pod, "Initialized") || isFalse(pod, "PodReadyToStartContainers"));
    }

    private static boolean isFalse(JsonNode pod, String type) {
        return ClusterObjects.condition(pod, type).path("status").asText().equals("False");
    }

    private static boolean young(JsonNode deployment, Instant now) {
        try {
            var created = Instant.parse(
                    deployment.path("metadata").path("creationTimestamp").asText());
            return created.plus(PATIENCE).isAfter(now);
        } catch (DateTimeParseException e) {
            return true;
        }
    }
}
