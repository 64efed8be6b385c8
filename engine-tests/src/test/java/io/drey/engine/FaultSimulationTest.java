package io.drey.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.generation.FeatureSet;
import io.drey.core.port.KubernetesApi;
import io.drey.spi.Deployer;
import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.JobStatus;
import io.drey.testkit.FeatureSets;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs of stateful jobs among faults of every kind that the test kit knows, from seeds. {@code -Ddrey.seeds=100000} makes more
 * runs, as the profile {@code nightly} does; {@code -Ddrey.seed=N} repeats one.
 */
class FaultSimulationTest {
    private static final FeatureSet SOUND = Shipped.SOUND;

    @Test
    void no_run_loses_state_runs_a_job_twice_or_gets_stuck() {
        var one = Long.getLong("drey.seed");
        var census = new Census();
        if (one != null) {
            new FaultyRun(one, SOUND, UnaryOperator.identity(), census).run();
            return;
        }
        long from = Long.getLong("drey.seeds.from", 0);
        var failures = failures(LongStream.range(from, from + Long.getLong("drey.seeds", 2000)), census);
        System.out.println(census);
        if (census.runs() >= 1000) {
            assertThat(Move.values())
                    .allSatisfy(move -> assertThat(census.met(move)).isPositive());
            assertThat(census.met(Move.USER_NAMES_THE_STATE))
                    .as("runs in which nothing that is readable tells the newest state")
                    .isLessThan(census.runs() / 3);
        }
        assertThat(failures)
                .as("fix it, and if the seed is 2000 or more, add it to seeds-that-failed.txt")
                .isEmpty();
    }

    @Test
    void a_run_that_ended_badly_once_does_not_do_so_again() throws IOException, URISyntaxException {
        var file = Path.of(
                FaultSimulationTest.class.getResource("/seeds-that-failed.txt").toURI());
        var seeds = Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .mapToLong(Long::parseLong);

        assertThat(failures(seeds, new Census())).isEmpty();
    }

    private static List<String> failures(LongStream seeds, Census census) {
        return seeds.parallel()
                .mapToObj(seed -> failure(new FaultyRun(seed, SOUND, UnaryOperator.identity(), census)))
                .flatMap(Optional::stream)
                .limit(Long.getLong("drey.failures", 3))
                .toList();
    }

    @Test
    void the_same_seed_is_the_same_run() {
        var features = Shipped.with(new FeatureSets().deployer(new Impatient()));
        long seed = found("runs twice", features, UnaryOperator.identity());

        assertThat(failure(seed, features, UnaryOperator.identity()))
                .isPresent()
                .isEqualTo(failure(seed, features, UnaryOperator.identity()));
    }

    @Test
    void a_deployer_that_does_not_wait_for_pods_is_found() {
        found("runs twice", new Impatient());
    }

    @Test
    void a_deployer_that_leaves_the_job_as_it_was_submitted_is_found() {
        found("as it was submitted before", new Untidy());
    }

    @Test
    void a_deployer_that_forgets_what_vertices_had_before_is_found() {
        found("Flink was told", new Generous());
    }

    @Test
    void a_strategy_that_takes_the_path_that_was_recorded_last_for_the_newest_is_found() {
        found("lost state", Shipped.with(new FeatureSets().strategy(new Forgetful())), UnaryOperator.identity());
    }

    @Test
    void a_strategy_that_refuses_to_cancel_a_job_for_its_checkpoint_is_found() {
        found(
                "refuses although the newest state is readable",
                Shipped.with(new FeatureSets().strategy(new Stubborn())),
                UnaryOperator.identity());
    }

    @Test
    void a_status_that_loses_the_path_of_the_newest_state_is_found() {
        found("lost state", SOUND, FaultSimulationTest::forgetsThePath);
    }

    @Test
    void a_launch_that_is_not_tried_before_the_stop_is_found() {
        found("for a launch that a policy refuses", SOUND, FaultSimulationTest::acceptsWhatIsTried);
    }

    private static void found(String what, Deployer deployer) {
        found(what, Shipped.with(new FeatureSets().deployer(deployer)), UnaryOperator.identity());
    }

    /** The first seed whose run ends with this failure. */
    private static long found(String what, FeatureSet features, UnaryOperator<KubernetesApi> port) {
        return LongStream.range(0, 500)
                .filter(seed -> failure(seed, features, port)
                        .filter(text -> text.contains(what))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("a planted bug was not found in 500 runs: " + what));
    }

    private static Optional<String> failure(long seed, FeatureSet features, UnaryOperator<KubernetesApi> port) {
        return failure(new FaultyRun(seed, features, port, new Census()));
    }

    private static Optional<String> failure(FaultyRun run) {
        try {
            run.run();
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** No status that is written names the newest state of the job. */
    private static KubernetesApi forgetsThePath(KubernetesApi sound) {
        return port((method, arguments) -> {
            if (arguments.length == 2 && arguments[1] instanceof ObjectNode status && status.has("jobStatus")) {
                status.withObject("/jobStatus").remove("upgradeSavepointPath");
            }
            return method.invoke(sound, arguments);
        });
    }

    /** Whatever is tried is accepted. */
    private static KubernetesApi acceptsWhatIsTried(KubernetesApi sound) {
        return port((method, arguments) ->
                method.getName().equals("refusal") ? Optional.empty() : method.invoke(sound, arguments));
    }

    private interface Call {
        Object of(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static KubernetesApi port(Call call) {
        return (KubernetesApi) Proxy.newProxyInstance(
                KubernetesApi.class.getClassLoader(),
                new Class<?>[] {KubernetesApi.class},
                (proxy, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Takes no checkpoint of a job that it would have to cancel. */
    private static final class Stubborn implements UpgradeStrategy {
        private final UpgradeStrategy sound = requireNonNull(SOUND.strategies().get("last-state"));

        @Override
        public String name() {
            return "last-state";
        }

        @Override
        public Choice choose(Situation situation) {
            var choice = sound.choose(situation);
            return choice instanceof Choice.Go go && go.stop().mode() == StopMode.CHECKPOINT
                    ? new Choice.Refuse(new Failure(
                            ErrorKind.USER, "CheckpointNotFound", "in the test: set spec.job.initialSavepointPath"))
                    : choice;
        }
    }

    /** The shipped deployer, with something different. */
    private abstract static class Planted implements Deployer {
        final Deployer sound = requireNonNull(SOUND.deployers().get("native"));

        @Override
        public String name() {
            return sound.name();
        }

        @Override
        public List<ObjectNode> render(Launch launch) {
            return sound.render(launch);
        }

        @Override
        public List<Step> teardown(Situation situation, Operation operation) {
            return sound.teardown(situation, operation);
        }

        @Override
        public List<Step> clear(Situation situation, Operation operation) {
            return sound.clear(situation, operation);
        }

        @Override
        public Rescaling rescale(Situation situation, Rescaling.Wanted wanted) {
            return sound.rescale(situation, wanted);
        }

        @Override
        public FlinkRef flink(CustomResource resource, FlinkConfig config) {
            return sound.flink(resource, config);
        }
    }

    /** Takes a cluster for gone when its Deployment is on its way. */
    private static final class Impatient extends Planted {
        @Override
        public List<Step> clear(Situation situation, Operation operation) {
            return super.clear(situation, operation).stream()
                    .filter(step -> !(step instanceof Step.Await))
                    .toList();
        }

        @Override
        public List<Step> teardown(Situation situation, Operation operation) {
            return super.teardown(situation, operation).stream()
                    .filter(step -> !(step instanceof Step.Await || step instanceof Step.Patch))
                    .map(step -> step instanceof Step.Delete delete
                            ? new Step.Delete(delete.key(), delete.uid(), Step.Propagation.BACKGROUND)
                            : step)
                    .toList();
        }
    }

    /** Leaves vertices what they have, where the spec does not say it any more. */
    private static final class Generous extends Planted {
        @Override
        public Rescaling rescale(Situation situation, Rescaling.Wanted wanted) {
            return super.rescale(situation, new Rescaling.Wanted(wanted.target(), Set.of(), wanted.since()));
        }
    }

    /** Forgets that Flink would take up the job as it was. */
    private static final class Untidy extends Planted {
        @Override
        public List<Step> clear(Situation situation, Operation operation) {
            return super.clear(situation, operation).stream()
                    .filter(step -> !(step instanceof Step.Patch))
                    .toList();
        }
    }

    /** Believes the status, whatever the job has done since. */
    private static final class Forgetful implements UpgradeStrategy {
        private final UpgradeStrategy sound = requireNonNull(SOUND.strategies().get("savepoint"));

        @Override
        public String name() {
            return "savepoint";
        }

        @Override
        public Choice choose(Situation situation) {
            var path = ((FlinkDeployment) situation.resource())
                    .status()
                    .jobStatus()
                    .upgradeSavepointPath()
                    .filter(recorded -> !recorded.equals(JobStatus.LAST_STATE));
            return path.isPresent()
                            && situation.facts().find(ClusterObjects.TYPE).isPresent()
                    ? new Choice.Go(Target.CURRENT, Stop.of(StopMode.KILL), Restore.path(path.get()))
                    : sound.choose(situation);
        }
    }
}
