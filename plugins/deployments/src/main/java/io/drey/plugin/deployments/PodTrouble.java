package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.ClusterObjects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why a JobManager does not come up, as Kubernetes tells it.
 *
 * @param reason {@code ImagePullBackOff}, {@code FailedCreate} and the like
 * @param message for people
 */
record PodTrouble(String reason, String message) {
    static final Set<String> WAITING = Set.of(
            "CrashLoopBackOff",
            "ImagePullBackOff",
            "ErrImagePull",
            "RunContainerError",
            "CreateContainerConfigError",
            "OOMKilled");

    /** Grows with each crash, so that the same crash would be told anew. */
    private static final Pattern GROWING = Pattern.compile("^(back-off )\\S+ (?=restarting )");

    /**
     * The first trouble of a Deployment or of its pods, if there is one.
     *
     * @param messages whether termination messages of containers are used
     */
    static Optional<PodTrouble> of(ClusterObjects objects, boolean messages) {
        var failure = ClusterObjects.condition(objects.jobManager().orElseThrow(), "ReplicaFailure");
        if (failure.path("reason").asText().equals("FailedCreate")) {
            return Optional.of(
                    new PodTrouble("FailedCreate", failure.path("message").asText()));
        }
        for (var pod : objects.pods()) {
            var status = pod.path("status");
            for (var list : new String[] {"initContainerStatuses", "containerStatuses"}) {
                for (var container : status.path(list)) {
                    var waiting = container.path("state").path("waiting");
                    var reason = waiting.path("reason").asText();
                    if (WAITING.contains(reason)) {
                        return Optional.of(new PodTrouble(
                                reason,
                                "[" + container.path("name").asText() + "] "
                                        + text(reason, container, waiting, messages)));
                    }
                }
            }
        }
        return objects.warnings().stream().findFirst().map(message -> new PodTrouble("FailedMount", message));
    }

    /** A crash loop says why in how the container last ended. */
    private static String text(String reason, JsonNode container, JsonNode waiting, boolean messages) {
        var said = waiting.path("message").asText(reason);
        if (!reason.equals("CrashLoopBackOff")) {
            return said;
        }
        var ended = ContainerEnd.of(container.path("lastState").path("terminated"), messages);
        return Stream.of(ended.exceptions(), ended.line(), GROWING.matcher(said).replaceFirst("$1"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(reason);
    }
}
