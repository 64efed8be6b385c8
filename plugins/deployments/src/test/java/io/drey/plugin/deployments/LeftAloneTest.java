package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.loop.Requeue;
import io.drey.spi.AdmissionRule;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.Stability;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A resource that a rule leaves alone. */
class LeftAloneTest {
    private static final String SENTENCE = "Flink version v1_14 is not supported by this operator version";
    private static final AdmissionRule.Violation UNSUPPORTED = new AdmissionRule.Violation(
            "spec.flinkVersion",
            SENTENCE,
            "Set spec.flinkVersion to another one",
            AdmissionRule.Effect.LEAVE_ALONE,
            "UnsupportedFlinkVersion");

    static final class Unsupported implements AdmissionRule {
        @Override
        public List<Violation> check(AdmissionRequest request) {
            return List.of(UNSUPPORTED);
        }
    }

    @Test
    @Tag("S003")
    void s003_the_event_has_the_sentence_of_the_contract_and_nothing_else_is_done() {
        var world = new Simulation(
                new FeatureSets()
                        .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                        .plugin(
                                context -> binder -> Contributions.of(binder)
                                        .feature("unsupported", Stability.STABLE)
                                        .admissionRule(Unsupported.class),
                                Clock.systemUTC())
                        .build(),
                FlinkConfig.EMPTY);
        var ref = world.apply(Yaml.application("a"));

        assertThat(world.pass(ref)).isEqualTo(Requeue.none());

        assertThat(world.kubernetes().events())
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("UnsupportedFlinkVersion"))
                .satisfies(event -> assertThat(event.message()).isEqualTo(SENTENCE));
        assertThat(world.status(ref).isMissingNode()).isTrue();
        assertThat(world.cluster().started()).isEmpty();
    }

    @Test
    @Tag("S003")
    void s003_so_has_the_event_of_an_edit_that_is_left_alone_while_the_deployed_spec_runs() {
        var passes = Passes.running(Yaml.application("a"));

        passes.apply(Yaml.application("b")).violating(UNSUPPORTED).rest();

        assertThat(passes.event("UnsupportedFlinkVersion").message()).isEqualTo(SENTENCE);
        assertThat(passes.condition("Stalled").message()).isEqualTo(UNSUPPORTED.text());
    }
}
