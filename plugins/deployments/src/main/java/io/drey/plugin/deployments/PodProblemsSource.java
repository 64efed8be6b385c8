package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.plugin.deployments.PodProblem.Role;
import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FactType;
import io.drey.spi.resource.FlinkDeployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Looks at the pods of a cluster, from the cache, while no operation replaces them. */
final class PodProblemsSource implements FactSource<PodProblems> {
    private static final String COMPONENT = "taskmanager";

    @Override
    public FactType<PodProblems> factType() {
        return PodProblems.TYPE;
    }

    @Override
    public List<Watch> needs() {
        return List.of(
                new Watch("v1", "Pod", Map.of("component", COMPONENT, "type", ""), "app", FlinkDeployment.TYPE.kind())
                        .reading(PodProblem.READS));
    }

    @Override
    public boolean when(Situation situation) {
        return situation.resource() instanceof FlinkDeployment resource
                && !resource.metadata().deleting()
                && situation.operation().isEmpty()
                && situation
                        .facts()
                        .find(ClusterObjects.TYPE)
                        .filter(ClusterObjects::untouched)
                        .isPresent();
    }

    @Override
    public PodProblems read(ObserveContext context) {
        var objects = context.situation().facts().get(ClusterObjects.TYPE);
        boolean messages = ContainerEnd.messages(context.situation().config());
        List<PodProblem> found = new ArrayList<>();
        objects.pods().stream()
                .sorted(Comparator.comparing(PodProblemsSource::name))
                .forEach(pod -> found.addAll(PodProblem.of(Role.JOB_MANAGER, pod, messages)));
        var metadata = context.resource().metadata();
        var owner = objects.jobManager().orElseThrow().path("metadata").path("uid");
        var taskManagers = context
                .cached("v1", "Pod", metadata.namespace(), Map.of("app", metadata.name(), "component", COMPONENT))
                .stream()
                .filter(pod -> ownedBy(owner, pod))
                .sorted(Comparator.comparing(PodProblemsSource::name))
                .toList();
        taskManagers.forEach(pod -> found.addAll(PodProblem.of(Role.TASK_MANAGER, pod, messages)));
        MissingTaskManagers.of(context.situation(), taskManagers).ifPresent(found::add);
        return new PodProblems(found);
    }

    /** Those of a launch before are none of this one's. */
    private static boolean ownedBy(JsonNode uid, JsonNode pod) {
        var owners = pod.path("metadata").path("ownerReferences");
        return owners.isEmpty()
                || owners.valueStream().anyMatch(owner -> owner.path("uid").equals(uid));
    }

    private static String name(JsonNode pod) {
        return pod.path("metadata").path("name").asText();
    }
}
