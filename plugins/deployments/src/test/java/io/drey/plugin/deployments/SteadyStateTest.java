package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation.Phase;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where nothing happens, the status is the same to the letter and nothing is told. */
@Tag("S002")
@Tag("S021")
class SteadyStateTest {
    enum State {
        NEVER_DEPLOYED(() -> new Passes(Yaml.application("a", "suspended", "")).rest()),
        STARTING(() -> starting().sees(Seen.starting(1)).rest()),
        RUNNING(() -> Passes.running(Yaml.application("a"))),
        SERVING(() -> {
            var passes = new Passes(Yaml.session("a"));
            passes.start().launch();
            return passes.sees(Seen.available(1)).sees(Seen.serving()).rest();
        }),
        LOST(() -> Passes.running(Yaml.application("a"))
                .sees(ClusterObjects.ABSENT)
                .rest()),
        BROKEN(() -> starting()
                .sees(Seen.objects(
                        Seen.deployment(1, 0), Seen.pod("containerStatuses", "ErrImagePull", "no image", "")))
                .rest()),
        FAILED(() -> {
            var passes = Passes.running(Yaml.application("a"));
            return passes.sees(Seen.job(passes.jobId(), "FAILED")).rest();
        }),
        JOB_NOT_FOUND(
                () -> Passes.running(Yaml.application("a")).sees(Seen.serving()).rest()),
        STOPPED(() -> {
            var passes = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
            passes.apply(Yaml.application("b")).start();
            return passes.sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        }),
        LAUNCHING(() -> new Passes(Yaml.application("a")).start().at(Phase.LAUNCHING));

        private final Supplier<Passes> reached;

        State(Supplier<Passes> reached) {
            this.reached = reached;
        }

        private static Passes starting() {
            var passes = new Passes(Yaml.application("a"));
            passes.start().launch();
            return passes;
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    @Tag("S002")
    @Tag("S021")
    void s002_s021_nothing_moves_by_itself(State state) {
        var passes = state.reached.get();
        var settled = passes.json();

        for (int i = 0; i < 3; i++) {
            passes.later(Duration.ofMinutes(1)).rest();
            assertThat(passes.json()).isEqualTo(settled);
            assertThat(passes.reasons()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void equal_situations_give_equal_statuses(State state) {
        assertThat(state.reached.get().json()).isEqualTo(state.reached.get().json());
    }
}
