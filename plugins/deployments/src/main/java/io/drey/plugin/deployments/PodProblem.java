package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.ClusterObjects;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What keeps a pod of a cluster from its work, as the pod's own status tells it.
 *
 * @param pod empty when it is about one that is missing
 * @param container empty when it is about the pod
 * @param reason as Kubernetes calls it
 * @param detail for people, may be empty
 * @param since when it began, as far as it is told
 */
record PodProblem(
        Role role, String pod, String container, Kind kind, String reason, String detail, Optional<Instant> since) {
    private static final int LONGEST_DETAIL = 600;
    private static final String UNSCHEDULABLE = "Unschedulable";
    static final String OUT_OF_MEMORY = "OOMKilled";

    /** The parts of a pod that are read from the cache. */
    static final String[] READS = {
        "/metadata/ownerReferences",
        "/metadata/deletionTimestamp",
        "/status/reason",
        "/status/message",
        "/status/conditions",
        "/status/initContainerStatuses",
        "/status/containerStatuses"
    };

    /** Reasons for which a container waits. */
    private static final Map<String, Kind> WAITING = Map.of(
            "CrashLoopBackOff", Kind.CRASH,
            "ImagePullBackOff", Kind.IMAGE,
            "ErrImagePull", Kind.IMAGE,
            "InvalidImageName", Kind.IMAGE,
            "CreateContainerConfigError", Kind.CONFIG,
            "CreateContainerError", Kind.CONFIG,
            "RunContainerError", Kind.CONFIG);

    /** What a pod is for. */
    enum Role {
        JOB_MANAGER("JobManager", "jobManager", "JobManagerDeployment"),
        TASK_MANAGER("TaskManager", "taskManager", "Job");

        private final String title;
        private final String field;

        /** Of events about it. */
        final String component;

        Role(String title, String field, String component) {
            this.title = title;
            this.field = field;
            this.component = component;
        }
    }

    /** What has to be done about it. Reasons of one kind alternate while nothing is done. */
    enum Kind {
        IMAGE(
                Duration.ZERO,
                "Check that spec.image (or the container's image in the pod template) exists, and that the service"
                        + " account or the pod template has imagePullSecrets for it"),
        CRASH(Duration.ZERO, "See kubectl logs %2$s -c %3$s --previous"),
        MEMORY(
                Duration.ZERO,
                "It needed more memory than its limit: raise spec.%1$s.resource.memory, or its share beside the heap"
                        + " (memory.jvm-overhead, memory.task.off-heap) for native memory"),
        CONFIG(
                Duration.ZERO,
                "Check the ConfigMaps, Secrets, volumes and the command that the pod template names for this"
                        + " container"),
        /** A cluster that grows by itself needs some time to. */
        NO_NODE(
                Duration.ofSeconds(30),
                "Add nodes or free some, lower spec.%1$s.resource, or check nodeSelector, affinity and tolerations of"
                        + " the pod template"),
        /** A TaskManager takes some time to start, and Flink to ask for another one. */
        MISSING(
                Duration.ofSeconds(30),
                "Check the ResourceQuotas and LimitRanges of the namespace (kubectl describe quota,limits), its admission"
                        + " webhooks, and whether spec.serviceAccount may create pods. The log of the JobManager has the"
                        + " refusal"),
        EVICTED(Duration.ZERO, "Its node ran out of what is told here: set requests that are as large as what is used"),
        EXIT(Duration.ZERO, "See its log: kubectl logs %2$s -c %3$s, or where logs of pods that are gone are kept");

        private final Duration patience;
        private final String mend;

        Kind(Duration patience, String mend) {
            this.patience = patience;
            this.mend = mend;
        }
    }

    /**
     * Of a pod that is wanted: nothing is wrong with one that is being deleted.
     *
     * @param messages whether termination messages of containers are used
     */
    static List<PodProblem> of(Role role, JsonNode pod, boolean messages) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return List.of();
        }
        var status = pod.path("status");
        if (status.path("reason").asText().equals("Evicted")) {
            return List.of(
                    problem(role, pod, "", Kind.EVICTED, "Evicted", text(status.path("message")), Optional.empty()));
        }
        var scheduled = ClusterObjects.condition(pod, "PodScheduled");
        if (scheduled.path("reason").asText().equals(UNSCHEDULABLE)) {
            return List.of(problem(
                    role,
                    pod,
                    "",
                    Kind.NO_NODE,
                    UNSCHEDULABLE,
                    text(scheduled.path("message")),
                    time(scheduled.path("lastTransitionTime"))));
        }
        return Stream.of("initContainerStatuses", "containerStatuses")
                .flatMap(list -> status.path(list).valueStream())
                .flatMap(container -> ofContainer(role, pod, container, messages).stream())
                .toList();
    }

    private static Optional<PodProblem> ofContainer(Role role, JsonNode pod, JsonNode status, boolean messages) {
        var container = status.path("name").asText();
        var waiting = status.path("state").path("waiting");
        var ended = status.path("state").path("terminated");
        var before = status.path("lastState").path("terminated");
        var killed = Stream.of(ended, before)
                .filter(end -> end.path("reason").asText().equals(OUT_OF_MEMORY))
                .findFirst();
        if (killed.isPresent()) {
            var at = time(killed.get().path("finishedAt"));
            var detail = ContainerEnd.of(killed.get(), false).text();
            return Optional.of(problem(role, pod, container, Kind.MEMORY, OUT_OF_MEMORY, detail, at));
        }
        var reason = waiting.path("reason").asText();
        if (WAITING.containsKey(reason)) {
            var kind = WAITING.get(reason);
            var detail = kind == Kind.CRASH ? ContainerEnd.of(before, messages).text() : text(waiting.path("message"));
            return Optional.of(problem(role, pod, container, kind, reason, detail, Optional.empty()));
        }
        // A JobManager is started again in its pod; a TaskManager's pod is replaced, and nothing tells of it later.
        return role == Role.TASK_MANAGER && ended.path("exitCode").asInt() != 0
                ? Optional.of(problem(
                        role,
                        pod,
                        container,
                        Kind.EXIT,
                        ended.path("reason").asText("Error"),
                        ContainerEnd.of(ended, messages).text(),
                        time(ended.path("finishedAt"))))
                : Optional.empty();
    }

    /**
     * Tasks that wait for slots, while no pod of a TaskManager comes up: Flink asks for pods again and again, and nothing
     * is left in Kubernetes of one that was refused.
     *
     * @param since when the newest TaskManager could have been there
     */
    static PodProblem missing(Instant since) {
        return new PodProblem(
                Role.TASK_MANAGER,
                "",
                "",
                Kind.MISSING,
                "TaskManagersMissing",
                "tasks wait for a slot, and no TaskManager pod could be made, or one has not registered",
                Optional.of(since));
    }

    private static PodProblem problem(
            Role role,
            JsonNode pod,
            String container,
            Kind kind,
            String reason,
            String detail,
            Optional<Instant> since) {
        return new PodProblem(
                role,
                pod.path("metadata").path("name").asText(),
                container,
                kind,
                reason,
                detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "...",
                since);
    }

    private static String text(JsonNode message) {
        return message.asText().replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static Optional<Instant> time(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.asText())) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The same for all pods that suffer from the same. */
    String key() {
        return role + "/" + container + "/" + kind;
    }

    /** From when on it is one. */
    Instant from(Instant now) {
        return since.map(begin -> begin.plus(kind.patience)).orElse(now);
    }

    /** Until when it is one: a container that runs again after a kill is well after some time. */
    boolean over(Instant now, Duration after) {
        return kind == Kind.MEMORY
                && since.filter(at -> at.plus(after).isBefore(now)).isPresent();
    }

    /** @param others pods that suffer from the same */
    String text(int others) {
        return (pod.isEmpty() ? role.title + "s" : role.title + " pod " + pod)
                + (others == 0 ? "" : " and " + others + " more")
                + (container.isEmpty() ? "" : ", container " + container)
                + ": " + reason
                + (detail.isEmpty() ? "" : ": " + detail)
                + (detail.endsWith(".") ? " " : ". ")
                + kind.mend.formatted(role.field, pod, container);
    }
}
