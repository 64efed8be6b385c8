package io.drey.engine;

import static io.drey.plugin.upgrades.Scenario.application;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Module;
import io.drey.plugin.upgrades.Scenario;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Situation;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.CustomResource;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rule or decorator that fails has not agreed: nothing begins, and a running job goes on. */
class FailClosedTest {
    enum Point {
        RULE,
        SPEC_DECORATOR
    }

    private static final Set<Point> FAILING = EnumSet.noneOf(Point.class);

    private static void fail(Point point) {
        if (FAILING.contains(point)) {
            throw new IllegalStateException(point + " does not work");
        }
    }

    /** A rule that agrees, or fails. */
    static final class Rule implements AdmissionRule {
        @Override
        public List<Violation> check(AdmissionRequest request) {
            fail(Point.RULE);
            return List.of();
        }
    }

    /** A decorator that changes nothing, or fails. */
    static final class SpecDecorator implements Decorator<CustomResource> {
        @Override
        public Phase<CustomResource> phase() {
            return Phase.SPEC;
        }

        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public CustomResource decorate(CustomResource value, Situation situation) {
            fail(Point.SPEC_DECORATOR);
            return value;
        }
    }

    /** Contributes both. */
    static final class FailingPlugin implements FeaturePlugin {
        @Override
        public Module module(PluginContext context) {
            return binder -> Contributions.of(binder)
                    .feature("failing", Stability.STABLE)
                    .admissionRule(Rule.class)
                    .decorator(SpecDecorator.class);
        }
    }

    private final Simulation world = Scenario.start(new FeatureSets().plugin(new FailingPlugin(), Clock.systemUTC()));

    @BeforeEach
    void works() {
        FAILING.clear();
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_starts_no_upgrade_and_is_reported_until_it_is_over(Point point) {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        FAILING.add(point);
        world.apply(application("flink:2.4", 1, "running"));

        for (int pass = 0; pass < 10; pass++) {
            world.step(ref, Duration.ofSeconds(5));
        }

        var status = world.status(ref);
        assertThat(world.cluster().started()).hasSize(1);
        assertThat(world.flink().log()).as("what Flink was asked for").isEmpty();
        assertThat(status.has("operation")).isFalse();
        assertThat(status.path("jobStatus").path("state").asText()).isEqualTo("RUNNING");
        assertThat(status.path("error").asText()).contains(point + " does not work");

        FAILING.clear();
        world.converge(ref);
        assertThat(world.cluster().started()).hasSize(2);
        assertThat(world.status(ref).path("lifecycleState").asText()).isEqualTo("STABLE");
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_starts_no_first_deployment(Point point) {
        FAILING.add(point);
        var ref = world.apply(application("flink:2.3", 1, "running"));

        for (int pass = 0; pass < 10; pass++) {
            world.step(ref, Duration.ofSeconds(5));
        }

        assertThat(world.cluster().started()).isEmpty();
        assertThat(world.status(ref).has("operation")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_holds_neither_a_running_upgrade_nor_a_deletion(Point point) {
        var ref = world.apply(application("flink:2.3", 1, "running"));
        world.converge(ref);
        world.apply(application("flink:2.4", 1, "running"));
        world.pass(ref);
        assertThat(world.status(ref).has("operation")).isTrue();
        FAILING.add(point);

        for (int pass = 0; pass < 20; pass++) {
            world.step(ref, Duration.ofSeconds(5));
        }
        assertThat(world.cluster().started()).hasSize(2);
        assertThat(world.status(ref).has("operation")).isFalse();

        world.delete(ref);
        for (int pass = 0; pass < 20; pass++) {
            world.step(ref, Duration.ofSeconds(5));
        }
        assertThat(world.exists(ref)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void an_edit_that_gave_the_state_up_and_was_replaced_launches_nothing_while_a_failure_hides_the_newer_one(
            Point point) {
        hiddenBehind(point, List.of());
    }

    @ParameterizedTest
    @EnumSource
    void what_was_deployed_is_not_launched_empty_either(Point point) {
        hiddenBehind(point, List.of("flink:invalid"));
    }

    /** An edit to stateless is begun, replaced by others that give the state up, and by one that wants it. */
    private void hiddenBehind(Point point, List<String> between) {
        var directories = "{state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints'}";
        var ref = world.apply(application("flink:2.3", 1, "running", "savepoint", directories));
        world.converge(ref);
        world.flink().progresses("tests", "job");
        world.flink().checkpoints("tests", "job");
        world.cluster().lingers(3);
        world.apply(application("flink:2.4", 1, "running", "stateless", directories));
        world.step(ref, Duration.ofSeconds(1));
        world.step(ref, Duration.ofSeconds(1));
        assertThat(world.kubernetes().log()).contains("delete Deployment tests/job");
        for (var image : between) {
            world.apply(application(image, 1, "running", "stateless", directories));
            world.step(ref, Duration.ofSeconds(1));
        }

        world.apply(application("flink:2.5", 1, "running", "savepoint", directories));
        FAILING.add(point);
        for (int pass = 0; pass < 20; pass++) {
            world.step(ref, Duration.ofSeconds(5));
        }

        assertThat(world.cluster().started()).as("jobs that were started").hasSize(1);
        assertThat(world.status(ref).path("error").asText()).contains(point + " does not work");
    }
}
