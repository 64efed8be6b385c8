package io.drey.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.core.generation.FeatureSet;
import io.drey.plugin.upgrades.Scenario;
import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.JobStatus;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Lives of stateful jobs in a world that fails in every way that the test kit knows, from seeds. {@code -Ddrey.seeds=100000}
 * lives more of them, as the profile {@code nightly} does; {@code -Ddrey.seed=N} one again.
 */
class FaultSimulationTest {
    private static final FeatureSet SOUND = Scenario.features(new FeatureSets());

    @Test
    void no_life_loses_state_runs_a_job_twice_or_gets_stuck() {
        var one = Long.getLong("drey.seed");
        if (one != null) {
            new FaultyRun(one, SOUND).run();
            return;
        }
        assertThat(failures(LongStream.range(0, Long.getLong("drey.seeds", 2000))))
                .as("mend it, and if the seed is 2000 or more, add it to seeds-that-failed.txt")
                .isEmpty();
    }

    @Test
    void a_life_that_ended_badly_once_does_not_do_so_again() throws IOException, URISyntaxException {
        var file = Path.of(
                FaultSimulationTest.class.getResource("/seeds-that-failed.txt").toURI());
        var seeds = Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .mapToLong(Long::parseLong);

        assertThat(failures(seeds)).isEmpty();
    }

    private static List<String> failures(LongStream seeds) {
        return seeds.parallel()
                .mapToObj(FaultSimulationTest::failure)
                .flatMap(Optional::stream)
                .limit(3)
                .toList();
    }

    private static Optional<String> failure(long seed) {
        try {
            new FaultyRun(seed, SOUND).run();
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void the_same_seed_is_the_same_life() {
        assertThatThrownBy(() -> live(new Impatient()))
                .hasMessage(
                        assertThatThrownBy(() -> live(new Impatient())).actual().getMessage());
    }

    @Test
    void a_deployer_that_does_not_wait_for_pods_is_found() {
        assertThatThrownBy(() -> live(new Impatient())).hasMessageContaining("runs twice");
    }

    @Test
    void a_deployer_that_leaves_the_job_as_it_was_submitted_is_found() {
        assertThatThrownBy(() -> live(new Untidy())).hasMessageContaining("as it was submitted before");
    }

    @Test
    void a_deployer_that_forgets_what_vertices_had_before_is_found() {
        assertThatThrownBy(() -> live(new Generous())).hasMessageContaining("Flink was told");
    }

    @Test
    void a_strategy_that_takes_the_path_that_was_recorded_last_for_the_newest_is_found() {
        var features = Scenario.features(new FeatureSets().strategy(new Forgetful()));
        assertThatThrownBy(() -> live(features)).hasMessageContaining("lost state");
    }

    private static void live(FakeDeployer deployer) {
        live(Scenario.features(new FeatureSets(), deployer));
    }

    private static void live(FeatureSet features) {
        for (long seed = 0; seed < 500; seed++) {
            new FaultyRun(seed, features).run();
        }
        assertThat(false).as("a planted bug was not found in 500 lives").isTrue();
    }

    /** Takes a cluster for gone when its Deployment is on its way. */
    private static final class Impatient extends FakeDeployer {
        @Override
        public List<Step> teardown(Situation situation, Operation operation) {
            return super.teardown(situation, operation).stream()
                    .filter(step -> !(step instanceof Step.Await))
                    .map(step -> step instanceof Step.Delete delete
                            ? new Step.Delete(delete.key(), delete.uid(), Step.Propagation.BACKGROUND)
                            : step)
                    .toList();
        }
    }

    /** Leaves vertices what they have, where the spec does not say it any more. */
    private static final class Generous extends FakeDeployer {
        @Override
        public Rescaling rescale(Situation situation, Rescaling.Wanted wanted) {
            return super.rescale(situation, new Rescaling.Wanted(wanted.target(), Set.of(), wanted.since()));
        }
    }

    /** Forgets that Flink would take up the job as it was. */
    private static final class Untidy extends FakeDeployer {
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
