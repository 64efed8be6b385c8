package io.drey.core.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.generation.FeatureSet;
import io.drey.spi.Deployer;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step;
import java.time.Duration;
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
    /** How long a job that is only asked to be polite is waited for. */
    private static final Duration POLITE = Duration.ofSeconds(30);

    /** How long a rescale is tried before the job is upgraded, where Flink does not say that it cannot be. */
    private static final Duration RESCALE_LIMIT = Duration.ofMinutes(2);

    private final FeatureSet features;
    private final Launches launches;
    private final Optional<String> finalizer;

    Skeleton(FeatureSet features, Launches launches, Optional<String> finalizer) {
        this.features = features;
        this.launches = launches;
        this.finalizer = finalizer;
    }

    /**
     * What remains of this operation.
     *
     * @throws Unplannable when it cannot go on for now
     * @throws Abandoned when it is to end, and nothing that ran was touched
     */
    Plan plan(Operation operation, PassSituation situation) {
        var deployer = features.deployers().get(operation.deployer());
        if (deployer == null) {
            throw new Unplannable(
                    ErrorKind.USER,
                    "DeployerMissing",
                    "operation " + operation.id() + " needs deployer " + operation.deployer()
                            + ", which no plugin here offers. Install the plugin again");
        }
        if (operation.inPlace()) {
            return rescale(operation, deployer, situation);
        }
        List<Step> steps = new ArrayList<>();
        boolean stopped = operation.phase().compareTo(Phase.STOPPED) >= 0;
        Map<String, String> promised = Map.of();
        if (!stopped) {
            if (operation.stop().mode() != StopMode.NONE) {
                steps.addAll(stop(operation, deployer, situation));
            }
            promised = StateHandle.whenStopped(operation, situation, steps.isEmpty());
        }
        if (operation.cause() == Cause.HALT) {
            if (stopped) {
                throw StateHandle.halted(operation);
            }
            steps.add(new Step.Keep(Phase.STOPPED, promised));
            steps.add(new Step.Await("the spec is edited", Duration.ofSeconds(1)));
            return new Plan(steps, List.of());
        }
        if (operation.phase().compareTo(Phase.CLEARED) < 0) {
            var clearing = deployer.clear(situation, operation);
            boolean atOnce = !stopped && clearsAtOnce(operation, clearing);
            if (!stopped && !atOnce) {
                steps.add(new Step.Keep(Phase.STOPPED, promised));
            }
            steps.addAll(clearing);
            steps.add(new Step.Keep(Phase.CLEARED, atOnce ? promised : Map.of()));
        }
        if (operation.launch()) {
            if (operation.phase().compareTo(Phase.LAUNCHING) < 0) {
                steps.add(new Step.Keep(Phase.LAUNCHING, Map.of()));
            } else if (!launched(operation, situation)) {
                StateHandle.prove(operation, situation);
                // Metadata may have come back since it was cleared, and with it the job as it was submitted before.
                steps.addAll(deployer.clear(situation, operation));
            }
            steps.addAll(launch(operation, situation));
        } else if (operation.cause() == Cause.DELETE) {
            finalizer.ifPresent(name -> steps.add(new Step.ReleaseFinalizer(name)));
        }
        return new Plan(steps, List.of());
    }

    /**
     * Whether the phase {@link Phase#STOPPED} need not be written before this is cleared: it goes quickly, and takes nothing
     * away that the launch restores, of which the savepoint is known by then, and high-availability metadata keeps its checkpoints.
     */
    private static boolean clearsAtOnce(Operation operation, List<Step> clearing) {
        return operation.launch()
                && operation.error().isEmpty()
                && clearing.stream().noneMatch(Step.Await.class::isInstance)
                && switch (operation.restore().mode()) {
                    case SAVED, HIGH_AVAILABILITY -> true;
                    case NONE, PATH -> false;
                };
    }

    /** What runs is told its parallelism once that is written down; what it has already, it is not told. */
    private static Plan rescale(Operation operation, Deployer deployer, PassSituation situation) {
        var dropped = operation.results().getOrDefault(Operation.DROPPED, "");
        var wanted = new Rescaling.Wanted(
                situation.target(operation).orElseThrow(Abandoned::new),
                dropped.isEmpty() ? Set.of() : Set.of(dropped.split(",")),
                operation.phase() == Phase.RECORDED ? operation.phaseAt() : operation.startedAt());
        if (!(deployer.rescale(situation, wanted) instanceof Rescaling.Possible possible)) {
            throw new Abandoned();
        }
        var steps = possible.steps();
        boolean waits = !steps.isEmpty() && steps.getFirst() instanceof Step.Await;
        if ((waits || operation.error().isPresent())
                && situation.now().isAfter(operation.startedAt().plus(RESCALE_LIMIT))) {
            throw new Abandoned(
                    Rescaling.FAILED,
                    "the job was not rescaled within " + RESCALE_LIMIT.toSeconds() + " s, so it is upgraded"
                            + operation
                                    .error()
                                    .map(error -> ": " + error.message())
                                    .orElse(""));
        }
        if (steps.isEmpty() || waits || operation.phase() == Phase.LAUNCHING) {
            return new Plan(steps, List.of());
        }
        List<Step> written = new ArrayList<>(List.of(new Step.Keep(Phase.LAUNCHING, Map.of())));
        written.addAll(steps);
        return new Plan(written, List.of());
    }

    /** Whether an object with this operation's id exists: read live, since an operation runs. */
    static boolean launched(Operation operation, PassSituation situation) {
        return operation.phase() == Phase.LAUNCHING
                && situation
                        .facts()
                        .get(ClusterObjects.TYPE)
                        .jobManager()
                        .filter(manager -> Executor.operationOf(manager).equals(operation.id()))
                        .isPresent();
    }

    private static List<Step> stop(Operation operation, Deployer deployer, PassSituation situation) {
        List<Step> steps = new ArrayList<>();
        if (operation.stop().saves() && !operation.saved()) {
            steps.addAll(new SavingStop(operation, deployer, situation).steps());
        } else if (operation.stop().mode() == StopMode.CANCEL && serving(situation)) {
            steps.addAll(cancel(operation, deployer, situation));
        }
        StateHandle.beforeTeardown(operation, situation);
        steps.addAll(deployer.teardown(situation, operation));
        return steps;
    }

    private static boolean serving(PassSituation situation) {
        return situation
                .facts()
                .get(ClusterObjects.TYPE)
                .jobManager()
                .filter(manager -> !manager.path("metadata").has("deletionTimestamp"))
                .isPresent();
    }

    /** Best effort: the jobs go with their cluster in any case. */
    private static List<Step> cancel(Operation operation, Deployer deployer, PassSituation situation) {
        List<Step> steps = new ArrayList<>();
        var flink = deployer.flink(situation.resource(), situation.deployedConfig());
        var seen = situation.facts().find(FlinkJobs.TYPE);
        if (seen.isEmpty()) {
            // After a start of the operator: not asked yet is not unreachable.
            return situation.now().isBefore(operation.phaseAt().plus(POLITE))
                    ? List.of(new Step.Await("the JobManager has answered", Duration.ofSeconds(1)))
                    : List.of();
        }
        for (var job : seen.get().jobs()) {
            if (!job.ended() && !job.state().equals("CANCELLING")) {
                steps.add(new Step.StopJob(
                        flink,
                        job.id(),
                        EffectId.derive(operation.id(), "cancel/" + job.id(), operation.attempt()),
                        Optional.empty(),
                        true));
            }
        }
        return steps;
    }

    private List<Step> launch(Operation operation, PassSituation situation) {
        List<ObjectNode> objects = launches.objects(operation, situation);
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
