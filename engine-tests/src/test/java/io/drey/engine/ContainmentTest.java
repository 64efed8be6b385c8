package io.drey.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.host.CallWatch;
import io.drey.core.host.CallWatch.Limits;
import io.drey.engine.Unruly.Manner;
import io.drey.engine.Unruly.Point;
import io.drey.plugin.deployments.DeploymentsPlugin;
import io.drey.plugin.upgrades.Scenario;
import io.drey.plugin.upgrades.UpgradesPlugin;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How far the failure of a contribution reaches: each extension point, failing in each manner, with the job at rest, in the
 * middle of an upgrade, and while it is deleted. Beside it a plugin that is well has its work done.
 */
@Timeout(60)
class ContainmentTest {
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");
    private static final ObjectKey WITNESS = new ObjectKey("v1", "ConfigMap", "tests", "witness");
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");

    /** A failure here starts nothing. The kind's own proposer is asked before that of the unruly plugin, and starts first. */
    private static final Set<Point> STARTS = EnumSet.of(
            Point.SPEC_DECORATOR, Point.RULE, Point.GATE, Point.STRATEGY, Point.CONFIG_DECORATOR, Point.DEPLOYER);

    /** A failure here holds an operation that is at its launch. */
    private static final Set<Point> LAUNCHES = EnumSet.of(Point.CONFIG_DECORATOR, Point.DEPLOYER);

    /** Called in each pass over a job at rest. */
    private static final Set<Point> RESTING = EnumSet.of(
            Point.SPEC_DECORATOR,
            Point.RULE,
            Point.CHANGE,
            Point.REMEDY,
            Point.CHORE,
            Point.STATUS_PART,
            Point.STEP_HANDLER);

    /** Called within a pass; listeners are called after it, a policy and a kind before it. */
    private static final Set<Point> IN_A_PASS = EnumSet.range(Point.SPEC_DECORATOR, Point.STEP_HANDLER);

    private final CallWatch watch = new CallWatch(new Limits(Duration.ofMillis(200), 1L << 40));

    @AfterEach
    void stop() {
        watch.close();
    }

    static Stream<Arguments> all() {
        return IN_A_PASS.stream()
                .flatMap(point -> Arrays.stream(Manner.values()).map(manner -> Arguments.of(point, manner)));
    }

    private Simulation running(Point point) {
        Unruly.is(point);
        var clock = Clock.systemUTC();
        var features = new FeatureSets()
                .plugin(new DeploymentsPlugin(), clock)
                .plugin(new UpgradesPlugin(), clock)
                .plugin(new Unruly(), clock, watch)
                .plugin(new Witness(), clock);
        var sim = new Simulation(
                (point == Point.DEPLOYER ? features : features.deployer(new FakeDeployer())).build(),
                new FlinkConfig(Map.of("parallelism.default", "1")));
        sim.apply(application(point, "flink:2.3"));
        steps(sim, 15);
        assertThat(sim.status(REF).path("lifecycleState").asText()).isEqualTo("STABLE");
        return sim;
    }

    private static String application(Point point, String image) {
        return Scenario.application(image, 1, "running", point == Point.STRATEGY ? Unruly.NAME : "stateless", "{}");
    }

    @ParameterizedTest
    @MethodSource("all")
    void at_rest_the_work_of_others_and_the_status_go_on(Point point, Manner manner) {
        var sim = running(point);
        var remembered = remembered(sim);
        Unruly.fails(manner);
        sim.kubernetes().vanish(WITNESS);

        steps(sim, 3);

        assertThat(sim.kubernetes().peek(WITNESS))
                .as("the chore of another plugin")
                .isPresent();
        assertThat(remembered(sim)).isEqualTo(remembered);
        if (RESTING.contains(point)) {
            assertThat(conditions(sim)).contains("plugin Unruly failed in ");
        } else {
            assertThat(conditions(sim)).doesNotContain("Unruly");
        }
        assertThat(starts(sim)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void an_edit_starts_nothing_where_silence_could_be_a_no_and_starts_elsewhere(Point point, Manner manner) {
        var sim = running(point);
        Unruly.fails(manner);
        sim.apply(application(point, "flink:2.4"));

        steps(sim, 12);

        if (STARTS.contains(point)) {
            assertThat(starts(sim)).hasSize(1);
            assertThat(conditions(sim)).contains("plugin Unruly failed in ");
            assertThat(sim.status(REF).has("operation")).isFalse();
        } else {
            assertThat(starts(sim)).hasSize(2);
        }
        if (manner == Manner.THROWS) {
            Unruly.isWell();
            steps(sim, 15);
            assertThat(starts(sim)).hasSize(2);
            assertThat(sim.status(REF).path("lifecycleState").asText()).isEqualTo("STABLE");
            assertThat(conditions(sim)).doesNotContain("Unruly");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void an_upgrade_is_finished_unless_its_launch_needs_the_plugin(Point point, Manner manner) {
        var sim = running(point);
        sim.apply(application(point, "flink:2.4"));
        sim.stepUntil(
                REF,
                20,
                status -> status.path("operation").path("phase").asText().equals("LAUNCHING"));
        assertThat(sim.kubernetes().peek(DEPLOYMENT)).isEmpty();
        Unruly.fails(manner);
        sim.kubernetes().vanish(WITNESS);

        steps(sim, 6);

        if (LAUNCHES.contains(point)) {
            assertThat(starts(sim)).hasSize(1);
            assertThat(sim.status(REF)
                            .path("operation")
                            .path("error")
                            .path("message")
                            .asText())
                    .contains("plugin Unruly failed in ");
            assertThat(conditions(sim)).contains("plugin Unruly failed in ");
        } else {
            assertThat(starts(sim)).hasSize(2);
            assertThat(sim.status(REF).has("operation")).isFalse();
            assertThat(sim.kubernetes().peek(WITNESS)).isPresent();
        }
        if (manner == Manner.THROWS) {
            Unruly.isWell();
            steps(sim, 15);
            assertThat(starts(sim)).hasSize(2);
            assertThat(sim.status(REF).path("lifecycleState").asText()).isEqualTo("STABLE");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void deletion_waits_for_a_guard_and_for_the_deployer_only(Point point, Manner manner) {
        var sim = running(point);
        Unruly.fails(manner);
        sim.delete(REF);

        steps(sim, 10);

        boolean waits = point == Point.DELETION_GUARD || point == Point.DEPLOYER;
        assertThat(sim.exists(REF)).isEqualTo(waits);
        if (waits) {
            assertThat(conditions(sim)).contains("plugin Unruly failed in ");
        }
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void an_annotation_bypasses_a_guard_that_fails(Manner manner) {
        var sim = running(Point.DELETION_GUARD);
        Unruly.fails(manner);
        sim.delete(REF);
        steps(sim, 3);
        assertThat(conditions(sim)).contains("set the annotation drey.io/bypass-deletion-guards: Unruly");
        assertThat(starts(sim)).hasSize(1);

        annotate(sim, "another");
        steps(sim, 3);
        assertThat(sim.exists(REF)).isTrue();

        annotate(sim, "another, Unruly");
        steps(sim, 10);
        assertThat(sim.exists(REF)).isFalse();
        assertThat(sim.kubernetes().events()).anyMatch(event -> event.reason().equals("DeletionGuardBypassed"));
    }

    private static void annotate(Simulation sim, String plugins) {
        var key = new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name());
        var resource = (ObjectNode) sim.kubernetes().peek(key).orElseThrow().deepCopy();
        resource.withObject("/metadata/annotations").put("drey.io/bypass-deletion-guards", plugins);
        sim.kubernetes().put(resource);
    }

    private static void steps(Simulation sim, int times) {
        for (int i = 0; i < times && sim.exists(REF); i++) {
            sim.step(REF, Duration.ofSeconds(10));
        }
    }

    private static List<?> starts(Simulation sim) {
        return sim.cluster().started();
    }

    private static String conditions(Simulation sim) {
        return StreamSupport.stream(sim.status(REF).path("conditions").spliterator(), false)
                .map(condition -> condition.path("message").asText())
                .reduce("", (one, other) -> one + "\n" + other);
    }

    private static String remembered(Simulation sim) {
        return sim.status(REF).path("plugins").path("unruly").toString();
    }
}
