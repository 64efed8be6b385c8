package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.operation.JobRescale;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.CustomResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Clusters in which Flink itself asks Kubernetes for TaskManagers. */
final class NativeDeployer implements Deployer {
    private static final Step DEPLOYMENT_GONE = new Step.Await("the Deployment is gone", Duration.ofSeconds(1));
    private static final Step PODS_GONE = new Step.Await("JobManager pods are gone", Duration.ofSeconds(2));
    private static final Step DEPENDENTS_GONE =
            new Step.Await("TaskManager pods, and the Deployment that owns them, are gone", Duration.ofSeconds(2));

    /** How long JobManagers may take to stop before the Deployment is deleted all the same. */
    static final Duration FIRST_STOP = Duration.ofMinutes(1);

    private final ClusterManifests manifests;

    @Inject
    NativeDeployer(ClusterManifests manifests) {
        this.manifests = manifests;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public List<ObjectNode> render(Launch launch) {
        return understood(() -> manifests.render(Targets.of(launch.resource()), launch));
    }

    @Override
    public List<ObjectNode> pods(Launch launch) {
        return understood(() -> List.of(manifests.taskManager(Targets.of(launch.resource()), launch)));
    }

    private static <T> T understood(Supplier<T> rendering) {
        try {
            return rendering.get();
        } catch (IllegalArgumentException e) {
            if (e.getCause() == null) {
                throw e;
            }
            throw refused(e.getMessage() + " " + e.getCause().getMessage(), e);
        } catch (RuntimeException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        }
    }

    private static IllegalArgumentException refused(String why, RuntimeException cause) {
        return new IllegalArgumentException(
                "spec.flinkConfiguration: Flink refuses it: " + why + (why.endsWith(".") ? "" : ".") + " Mend the key",
                cause);
    }

    @Override
    public List<Step> teardown(Situation situation, Operation operation) {
        var objects = situation.facts().get(ClusterObjects.TYPE);
        boolean orphans = orphans(situation, operation);
        if (orphans ? objects.jobManager().isEmpty() : objects.gone()) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        objects.jobManager()
                .filter(deployment -> !HighAvailabilityMaps.isTerminating(deployment))
                .ifPresent(deployment -> steps.addAll(delete(deployment, objects, situation, operation)));
        steps.add(orphans ? DEPLOYMENT_GONE : gone(objects));
        return steps;
    }

    /** Kubernetes keeps a Deployment that is deleted in the foreground for as long as its TaskManagers take to stop. */
    private static Step gone(ClusterObjects objects) {
        return objects.pods().isEmpty() ? DEPENDENTS_GONE : PODS_GONE;
    }

    /** Whether the cluster is to outlive its resource, with the metadata that it needs. */
    private static boolean orphans(Situation situation, Operation operation) {
        return propagation(situation, operation) == Propagation.ORPHAN;
    }

    /** What an operation replaces must be gone before the next launch, so nothing of it is orphaned. */
    static Propagation propagation(Situation situation, Operation operation) {
        var wanted = situation.config().orFallback(Propagation.KEY);
        return wanted == Propagation.ORPHAN && operation.cause() != Cause.DELETE ? Propagation.FOREGROUND : wanted;
    }

    private static List<Step> delete(
            JsonNode deployment, ClusterObjects objects, Situation situation, Operation operation) {
        var propagation = propagation(situation, operation);
        List<Step> steps = new ArrayList<>();
        // JobManagers stop first, so that none takes the loss of its TaskManagers for a failure of the job.
        if (propagation == Propagation.FOREGROUND) {
            if (deployment.path("spec").path("replicas").asInt(1) > 0) {
                steps.add(new Step.Patch(
                        ObjectKey.of(deployment),
                        deployment.path("metadata").path("resourceVersion").asText(),
                        replicas(0),
                        Optional.of(deployment.path("metadata").path("uid").asText())));
            }
            if (!objects.pods().isEmpty()
                    && situation.now().isBefore(operation.phaseAt().plus(FIRST_STOP))) {
                steps.add(new Step.Await("JobManagers have stopped", Duration.ofSeconds(2)));
            }
        }
        steps.add(new Step.Delete(
                ObjectKey.of(deployment),
                deployment.path("metadata").path("uid").asText(),
                propagation));
        return steps;
    }

    private static JsonNode replicas(int count) {
        var merge = JsonNodeFactory.instance.objectNode();
        merge.putObject("spec").put("replicas", count);
        return merge;
    }

    @Override
    public List<Step> clear(Situation situation, Operation operation) {
        if (orphans(situation, operation)) {
            return List.of();
        }
        boolean nothingShouldRun = operation.phase().compareTo(Operation.Phase.STOPPED) >= 0
                || operation.stop().mode() == StopMode.NONE;
        if (nothingShouldRun) {
            var objects = situation.facts().get(ClusterObjects.TYPE);
            if (!objects.gone()) {
                return awaited(objects, situation, operation);
            }
        }
        var found = highAvailability(situation).map(HighAvailability::configMaps).orElse(List.of()).stream()
                .filter(HighAvailabilityMaps::isOne)
                .toList();
        boolean keeps = keeps(situation, operation);
        if (keeps && !hasJob(situation)) {
            // A session cluster takes its jobs up again.
            List<Step> kept = new ArrayList<>(passedOn(found, map -> Set.of()));
            kept.addAll(ZooKeeperNodes.claim(situation, operation));
            return kept;
        }
        List<Step> steps = new ArrayList<>(keeps ? passedOn(found, HighAvailabilityMaps::jobGraphs) : removed(found));
        steps.addAll(ZooKeeperNodes.clear(keeps, situation, operation));
        return steps;
    }

    /**
     * A JobManager that runs needs what it wrote, and one on its way down still writes. One that somebody else made is a
     * conflict for what is launched, and is left alone.
     */
    private List<Step> awaited(ClusterObjects objects, Situation situation, Operation operation) {
        var manager = objects.jobManager();
        if (manager.isEmpty() || HighAvailabilityMaps.isTerminating(manager.get())) {
            return List.of(gone(objects));
        }
        return cameTooLate(manager.get(), objects.pods(), situation, operation)
                ? teardown(situation, operation)
                : List.of();
    }

    /**
     * Whether another operation of this resource asked for this Deployment, and the API server took the request up after the
     * operation was given up. It has run nothing: its pods wait for the ConfigMaps, which are made once it is known to exist.
     */
    private static boolean cameTooLate(
            JsonNode deployment, List<JsonNode> pods, Situation situation, Operation operation) {
        var metadata = deployment.path("metadata");
        var launchedBy =
                metadata.path("annotations").path(ClusterManifests.OPERATION).asText();
        return !launchedBy.isEmpty()
                && !launchedBy.equals(operation.id())
                && metadata.path("ownerReferences")
                        .valueStream()
                        .anyMatch(owner -> owner.path("uid")
                                .asText()
                                .equals(situation.resource().metadata().uid()))
                && pods.stream()
                        .allMatch(pod -> pod.at("/status/phase").asText().equals("Pending"));
    }

    /** Whether metadata is restored, or is what this launch itself has written before its cluster was lost. */
    private static boolean keeps(Situation situation, Operation operation) {
        if (operation.restore().mode() == RestoreMode.HIGH_AVAILABILITY) {
            return true;
        }
        var launched = operation.results().getOrDefault(Operation.JOB_ID, "");
        return operation.phase() == Operation.Phase.LAUNCHING
                && !launched.isEmpty()
                && Stream.concat(
                                RecoverableJobs.factType(situation.config())
                                        .map(NativeDeployer::whereItLaunches)
                                        .stream(),
                                RecoverableJobs.factType(situation.deployedConfig()).stream())
                        .anyMatch(type -> situation.facts().get(type).knows(launched));
    }

    private static FactType<? extends RecoverableJobs> whereItLaunches(FactType<? extends RecoverableJobs> type) {
        return type.equals(ZooKeeperMetadata.TYPE) ? ZooKeeperMetadata.LAUNCH : type;
    }

    private static boolean hasJob(Situation situation) {
        return Targets.of(situation).spec().job().isPresent();
    }

    private static List<Step> removed(List<JsonNode> configMaps) {
        List<Step> steps = new ArrayList<>();
        boolean stays = false;
        for (var configMap : configMaps) {
            var metadata = configMap.path("metadata");
            // Without a finalizer it is gone when the deletion is answered.
            stays |= HighAvailabilityMaps.isTerminating(configMap)
                    || !metadata.path("finalizers").isEmpty();
            if (!HighAvailabilityMaps.isTerminating(configMap)) {
                steps.add(new Step.Delete(
                        ObjectKey.of(configMap), metadata.path("uid").asText(), Propagation.BACKGROUND));
            }
        }
        if (stays) {
            steps.add(new Step.Await("high-availability metadata is gone", Duration.ofSeconds(1)));
        }
        return steps;
    }

    /**
     * The job as it was submitted last goes, what it has reached stays: or the new spec would be ignored. So does the lease
     * of a leader that is gone, which the next one would wait for.
     */
    private static List<Step> passedOn(List<JsonNode> configMaps, Function<JsonNode, Set<String>> dropped) {
        List<Step> steps = new ArrayList<>();
        for (var configMap : configMaps) {
            var merge = JsonNodeFactory.instance.objectNode();
            dropped.apply(configMap).forEach(key -> merge.withObject("/data").putNull(key));
            LeaderLease.givenUp(configMap)
                    .ifPresent(
                            record -> merge.withObject("/metadata/annotations").put(LeaderLease.ANNOTATION, record));
            if (!merge.isEmpty() && !HighAvailabilityMaps.isTerminating(configMap)) {
                steps.add(new Step.Patch(
                        ObjectKey.of(configMap),
                        configMap.path("metadata").path("resourceVersion").asText(),
                        merge));
            }
        }
        return steps;
    }

    /** Asked for where there should be some; else taken if somebody asked. */
    private static Optional<HighAvailability> highAvailability(Situation situation) {
        var expected = situation.config().kubernetesHighAvailability()
                || situation.deployedConfig().kubernetesHighAvailability();
        return expected
                ? Optional.of(situation.facts().get(HighAvailability.TYPE))
                : situation.facts().find(HighAvailability.TYPE);
    }

    @Override
    public Rescaling rescale(Situation situation, Rescaling.Wanted wanted) {
        return JobRescale.of(situation, wanted, flink(situation.resource(), situation.deployedConfig()));
    }

    @Override
    public FlinkRef flink(CustomResource resource, FlinkConfig config) {
        return FlinkRef.of(resource.ref(), config);
    }
}
