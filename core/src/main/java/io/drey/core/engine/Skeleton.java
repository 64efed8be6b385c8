package io.drey.core.engine;

import io.drey.core.generation.FeatureSet;
import io.drey.spi.Deployer;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one shape of all operations: stop, keep the result, clear, launch. Says all that remains to do of one; with
 * unchanged facts, what remains after a step is what remained before without it.
 */
final class Skeleton {
    private static final Set<String> TERMINAL = Set.of("CANCELED", "FAILED", "FINISHED");

    private final FeatureSet features;
    private final Launches launches;
    private final Optional<String> finalizer;

    Skeleton(FeatureSet features, Launches launches, Optional<String> finalizer) {
        this.features = features;
        this.launches = launches;
        this.finalizer = finalizer;
    }

    /** What remains of this operation. */
    Plan plan(Operation operation, PassSituation situation) {
        var deployer = features.deployers().get(operation.deployer());
        if (deployer == null) {
            throw new Unplannable(
                    ErrorKind.USER,
                    "DeployerMissing",
                    "operation " + operation.id() + " needs deployer " + operation.deployer()
                            + ", which no plugin here offers. Install the plugin again");
        }
        List<Step> steps = new ArrayList<>();
        if (operation.phase().compareTo(Phase.STOPPED) < 0) {
            if (operation.stop().mode() != StopMode.NONE) {
                steps.addAll(stop(operation, deployer, situation));
            }
            steps.add(new Step.Keep(Phase.STOPPED, Map.of()));
        }
        if (operation.phase().compareTo(Phase.CLEARED) < 0) {
            steps.addAll(deployer.clear(situation, operation));
            steps.add(new Step.Keep(Phase.CLEARED, Map.of()));
        }
        if (operation.launch()) {
            if (operation.phase().compareTo(Phase.LAUNCHING) < 0) {
                steps.add(new Step.Keep(Phase.LAUNCHING, Map.of()));
            }
            steps.addAll(launch(operation, situation));
        } else if (operation.cause() == Operation.Cause.DELETE) {
            finalizer.ifPresent(name -> steps.add(new Step.ReleaseFinalizer(name)));
        }
        return new Plan(steps, List.of());
    }

    private static List<Step> stop(Operation operation, Deployer deployer, PassSituation situation) {
        List<Step> steps = new ArrayList<>();
        var objects = situation.facts().get(ClusterObjects.TYPE);
        var serving = objects.jobManager()
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp"))
                .isPresent();
        if (serving && operation.stop().mode() == StopMode.CANCEL) {
            var flink = deployer.flink(situation.resource(), situation.deployedConfig());
            for (var job : situation
                    .facts()
                    .find(FlinkJobs.TYPE)
                    .orElse(FlinkJobs.UNREACHABLE)
                    .jobs()) {
                if (!TERMINAL.contains(job.state())) {
                    steps.add(new Step.StopJob(
                            flink,
                            job.id(),
                            EffectId.derive(operation.id(), "cancel/" + job.id(), operation.attempt()),
                            Optional.empty(),
                            true));
                }
            }
        }
        steps.addAll(deployer.teardown(situation, operation));
        return steps;
    }

    private List<Step> launch(Operation operation, PassSituation situation) {
        var objects = launches.objects(operation, situation);
        List<Step> steps = new ArrayList<>();
        Optional<ObjectKey> owner = Optional.empty();
        for (var object : objects) {
            var create = new Step.Create(object, owner);
            steps.add(create);
            if (owner.isEmpty()) {
                owner = Optional.of(create.key());
            }
        }
        return steps;
    }
}
